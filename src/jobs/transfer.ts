import type { Clip } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { alignFrames, type Method } from '../eval/alignment/align-frames.ts'
import { voteLabels } from '../eval/alignment/vote-labels.ts'
import { eventsOf } from '../eval/events.ts'
import type { Embedded } from '../eval/measured.ts'
import { columns } from '../eval/table-file.ts'
import { labelTracks } from './label-tracks.ts'
import { type EncoderRequest, openEncoder } from './open-encoder.ts'
import { readReferences, type ReferenceRequest } from './references.ts'
import { checkRows, writeRows } from './write-rows.ts'

/** What can be brought from clip to clip. */
export const transferred = ['phases', 'segments', 'events'] as const

/** What `posetta transfer` asks for. */
export type TransferRequest = EncoderRequest & ReferenceRequest & {
  readonly what: (typeof transferred)[number]
  readonly method: Method
  readonly temperature: number
  /** How many references vote: those with the least mean cost. */
  readonly nearest: number
  /** A file, .csv, .json or .parquet. */
  readonly output?: string | undefined
}

export type TransferResult = {
  readonly encoder: string
  readonly commit: string
  readonly clip: { readonly id: string; readonly frames: number }
  /** Those that voted, nearest first; on events, of the nearest those with as many as the first. */
  readonly references: readonly { readonly id: string; readonly cost: number }[]
  /** Frames [start, end) of a label; `agreement` = the share of frames that the clip's own labels of the track give the same, null = it has none. */
  readonly tracks: readonly { readonly track: string; readonly agreement: number | null; readonly segments: readonly LabelledSegment[] }[]
  /** In order; `low` and `high` are the first and the last frame that a reference proposes. */
  readonly events: readonly TransferredEvent[]
  readonly output: string | null
}
export type LabelledSegment = { readonly start: number; readonly end: number; readonly label: string | null; readonly confidence: number }
export type TransferredEvent = { readonly event: number; readonly frame: number; readonly low: number; readonly high: number; readonly confidence: number }

/** Brings labels of references to a clip through their alignment. Throws what `openEncoder` and `readReferences` throw, E_NO_LABELS, E_USAGE for another kind of file. */
export async function transferJob({ what, method, temperature, nearest, output, ...request }: TransferRequest): Promise<TransferResult> {
  if (output !== undefined) checkRows(output)
  const open = await openEncoder(request)
  try {
    const [clip] = await open.read([request.clip]) as [Clip]
    const all = await readReferences(open, clip, request)
    const labelled = all.filter((reference) => (what === 'events' ? eventsOf(reference) !== null : labelTracks(reference, what, open.entry.phases).size > 0))
    if (labelled.length === 0) throw new ToolkitError('E_NO_LABELS', `none of ${all.length} references has ${what}: ${all[0]!.id} first`, { hint: 'name references that do, or bring something else: --labels phases, segments or events' })
    const [own, ...embedded] = await open.embed([clip, ...labelled]) as [Embedded, ...Embedded[]]
    const nearby = embedded.map((reference) => {
      const map = alignFrames(own.embedding, reference.embedding, { method, temperature })
      return { ...reference, map, cost: map.costs.reduce((sum, cost) => sum + cost, 0) / clip.frames }
    }).sort((a, b) => a.cost - b.cost).slice(0, nearest)
    const ranked = what === 'events' ? ofOneCount(nearby) : nearby
    const tracks = what === 'events' ? [] : votedTracks(clip, ranked, (one) => labelTracks(one, what, open.entry.phases))
    const events = what === 'events' ? votedEvents(own, ranked, { method, temperature }) : []
    if (output !== undefined) await writeTransfer(output, clip.id, { tracks, events })
    return {
      encoder: open.name, commit: open.manifest.commit, clip: { id: clip.id, frames: clip.frames }, references: ranked.map((one) => ({ id: one.clip.id, cost: one.cost })),
      tracks, events, output: output ?? null,
    }
  } finally {
    await open.close()
  }
}

type Ranked = Embedded & { readonly map: ReturnType<typeof alignFrames> }

function votedTracks(clip: Clip, references: readonly Ranked[], tracksOf: (clip: Clip) => ReturnType<typeof labelTracks>): TransferResult['tracks'] {
  const found = references.map((reference) => ({ tracks: tracksOf(reference.clip), map: reference.map }))
  const own = tracksOf(clip)
  return [...new Set(found.flatMap(({ tracks }) => [...tracks.keys()]))].sort().map((track) => {
    const proposals = found.flatMap(({ tracks, map }) => {
      const labels = tracks.get(track)
      return labels === undefined ? [] : [{ labels: Array.from(map.frames, (frame) => labels[frame]!), confidences: map.confidences }]
    })
    const { labels, confidences } = voteLabels(proposals)
    const truth = own.get(track)
    return { track, agreement: truth === undefined ? null : labels.filter((label, frame) => label === truth[frame]).length / labels.length, segments: segmentsOf(labels, confidences) }
  })
}

/** Runs of one label, each with its mean confidence. */
function segmentsOf(labels: readonly (string | null)[], confidences: readonly number[]): LabelledSegment[] {
  const segments: LabelledSegment[] = []
  for (let start = 0, end; start < labels.length; start = end) {
    for (end = start + 1; end < labels.length && labels[end] === labels[start]; end++);
    segments.push({ start, end, label: labels[start]!, confidence: confidences.slice(start, end).reduce((sum, one) => sum + one, 0) / (end - start) })
  }
  return segments
}

/** Those with as many events as the nearest one: events are told apart by their number. */
function ofOneCount<R extends Embedded>(ranked: readonly R[]): R[] {
  const count = ({ clip }: R): number => eventsOf(clip)!.frames.length
  return ranked.filter((one) => count(one) === count(ranked[0]!))
}

/** Where the events of the references, as many of each, lie in the clip: the middle of what they propose. */
function votedEvents(own: Embedded, references: readonly Ranked[], options: { method: Method; temperature: number }): TransferredEvent[] {
  const proposals = references.map(({ clip, embedding }) => {
    const { frames, confidences } = alignFrames(embedding, own.embedding, options)
    return eventsOf(clip)!.frames.map((frame) => ({ frame: frames[frame]!, confidence: confidences[frame]! }))
  })
  return proposals[0]!.map((_, event) => {
    const frames = proposals.map((one) => one[event]!.frame).sort((a, b) => a - b)
    const confidence = proposals.reduce((sum, one) => sum + one[event]!.confidence, 0) / proposals.length
    return { event, frame: frames[Math.floor((frames.length - 1) / 2)]!, low: frames[0]!, high: frames.at(-1)!, confidence }
  })
}

async function writeTransfer(output: string, clip: string, { tracks, events }: Pick<TransferResult, 'tracks' | 'events'>): Promise<void> {
  const about = { posetta: 'transfer 1' }
  const segments = tracks.flatMap(({ track, segments }) => segments.map(({ start, end, label, confidence }) => [clip, track, start, end, label, confidence]))
  const rows = events.map(({ event, frame, low, high, confidence }) => [clip, event, frame, low, high, confidence])
  await (events.length > 0
    ? writeRows(output, { columns: columns('clip text, event integer, frame integer, low integer, high integer, confidence double'), rows, about })
    : writeRows(output, { columns: columns('clip text, track text, start integer, end integer, label text, confidence double'), rows: segments, about }))
}
