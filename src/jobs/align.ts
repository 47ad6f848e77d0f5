import { extname } from 'node:path'
import type { Clip } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { alignFrames, type FrameMap, type Method, TEMPERATURE } from '../eval/alignment/align-frames.ts'
import { columns } from '../eval/table-file.ts'
import { type EncoderRequest, openEncoder } from './open-encoder.ts'
import { rowEndings, writeRows } from './write-rows.ts'

/** What `posetta align` asks for: the frames of `clip` on those of `reference`. */
export type AlignRequest = EncoderRequest & {
  readonly reference: string
  readonly method: Method
  /** Of the soft methods and of every confidence; `TEMPERATURE` when left out. */
  readonly temperature?: number | undefined
  /** A file for the map, .csv, .json or .parquet. */
  readonly output?: string | undefined
}

export type AlignResult = {
  /** The run, or the floor. */
  readonly encoder: string
  readonly method: Method
  readonly temperature: number
  readonly commit: string
  readonly clip: AlignedClip
  readonly reference: AlignedClip
  /** One row per frame of the clip. */
  readonly map: readonly MapRow[]
  readonly output: string | null
}

export type AlignedClip = { readonly id: string; readonly action: string | null; readonly frames: number }
export type MapRow = { readonly frame: number; readonly counterpart: number; readonly moment: number; readonly cost: number; readonly confidence: number }

const tableColumns = columns('clip text, frame integer, reference text, counterpart integer, moment double, cost double, confidence double')

/** Aligns a clip to another one, frame by frame. Throws what `openEncoder` throws, E_USAGE for another kind of file. */
export async function alignJob({ reference: referenceId, method, temperature = TEMPERATURE, output, ...request }: AlignRequest): Promise<AlignResult> {
  checkEnding(output)
  const open = await openEncoder(request)
  try {
    const [clip, reference] = await open.read([request.clip, referenceId]) as [Clip, Clip]
    const [a, b] = (await open.embed([clip, reference])).map(({ embedding }) => embedding)
    const map = rowsOf(alignFrames(a!, b!, { method, temperature }))
    const about = { encoder: open.name, method, temperature: String(temperature), commit: open.manifest.commit }
    if (output !== undefined) {
      const rows = map.map(({ frame, counterpart, moment, cost, confidence }) => [clip.id, frame, reference.id, counterpart, moment, cost, confidence])
      await writeRows(output, { columns: tableColumns, rows, about: { posetta: 'alignment 1', ...about } })
    }
    return { encoder: open.name, method, temperature, commit: open.manifest.commit, clip: aboutOf(clip), reference: aboutOf(reference), map, output: output ?? null }
  } finally {
    await open.close()
  }
}

function checkEnding(output: string | undefined): void {
  if (output === undefined || rowEndings.some((ending) => ending === extname(output))) return
  throw new ToolkitError('E_USAGE', `--output "${output}" is none of ${rowEndings.join(', ')}`)
}

function rowsOf({ moments, frames, costs, confidences }: FrameMap): MapRow[] {
  return Array.from(frames, (counterpart, frame) => ({ frame, counterpart, moment: moments[frame]!, cost: costs[frame]!, confidence: confidences[frame]! }))
}

function aboutOf({ id, labels: { action }, frames }: Clip): AlignedClip {
  return { id, action, frames }
}
