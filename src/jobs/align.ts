import type { Clip } from '../clip.ts'
import { alignFrames, type FrameMap, type Method, TEMPERATURE } from '../eval/alignment/align-frames.ts'
import { checkAlignOutput, writeAlignment } from './align-output.ts'
import type { AlignedClip, Alignment, MapRow } from './alignment.ts'
import { type EncoderRequest, openEncoder } from './open-encoder.ts'

/** What `posetta align` asks for: the frames of `clip` on those of `reference`. */
export type AlignRequest = EncoderRequest & {
  readonly reference: string
  readonly method: Method
  /** Of the soft methods and of every confidence; `TEMPERATURE` when left out. */
  readonly temperature?: number | undefined
  /** A file for the map (.csv, .json, .parquet), or for both clips in step (.html, .mp4). */
  readonly output?: string | undefined
}

export type AlignResult = Alignment & { readonly output: string | null }

/** Aligns a clip to another one, frame by frame. Throws what `openEncoder` and `writeAlignment` throw, E_USAGE for another kind of file. */
export async function alignJob({ reference: referenceId, method, temperature = TEMPERATURE, output, ...request }: AlignRequest): Promise<AlignResult> {
  checkAlignOutput(output)
  const open = await openEncoder(request)
  try {
    const clips = await open.read([request.clip, referenceId]) as [Clip, Clip]
    const [a, b] = (await open.embed(clips)).map(({ embedding }) => embedding)
    const map = rowsOf(alignFrames(a!, b!, { method, temperature }))
    const result = { encoder: open.name, method, temperature, commit: open.manifest.commit, clip: aboutOf(clips[0]), reference: aboutOf(clips[1]), map }
    if (output !== undefined) await writeAlignment(output, result, { clips, entry: open.entry })
    return { ...result, output: output ?? null }
  } finally {
    await open.close()
  }
}

function rowsOf({ moments, frames, costs, confidences }: FrameMap): MapRow[] {
  return Array.from(frames, (counterpart, frame) => ({ frame, counterpart, moment: moments[frame]!, cost: costs[frame]!, confidence: confidences[frame]! }))
}

function aboutOf({ id, labels: { action }, frames }: Clip): AlignedClip {
  return { id, action, frames }
}
