import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import { ToolkitError } from '../errors.ts'
import { fewNames } from '../few-names.ts'
import { sha256 } from '../hash.ts'
import type { Tensor } from '../tensor.ts'

/** Looks up what others made: whole clips by their ids, views by what they show. */
export type RecordedEncoder = Encoder & Required<Pick<Encoder, 'lacking'>> & {
  /** Which whole clips may be asked for. */
  know(sides: Sides): void
  /** Ids that were given and never asked for; training clips are none of them. */
  unused(): string[]
}

type Sides = { readonly train: readonly Clip[]; readonly test: readonly Clip[] }
type Part = 'test clips' | 'training clips' | 'views'
/** Clips as they are keep their array of keypoints, views have one of their own. */
type WholeClips = WeakMap<Float32Array, { readonly id: string; readonly part: Part }>

/**
 * The encoder of given embeddings [T, d] by id: that of a clip, or `viewId` of a view. What is not there is stood in for, and `lacking` says so; but the
 * test clips must be there, and of the training clips and of the views of one measure all or none. Throws E_EMBEDDINGS_MISSING, E_EMBEDDINGS_FRAMES.
 */
export function recordedEncoder(name: string, given: ReadonlyMap<string, Tensor>): RecordedEncoder {
  const dims = given.values().next().value?.shape[1] ?? 1
  const known: WholeClips = new WeakMap()
  const unused = new Set(given.keys())
  let asked = new Map<string, Part>()
  const look = (clip: Clip): Tensor => {
    const { id, part } = known.get(clip.keypoints!) ?? { id: viewId(clip), part: 'views' as const }
    asked.set(id, part)
    unused.delete(id)
    const found = given.get(id)
    if (found !== undefined && found.shape[0] !== clip.frames) throw wrongFrames(id, found.shape[0]!, clip.frames)
    return found ?? standIn(clip.frames, dims)
  }
  return {
    name,
    embed: async (clips) => clips.map(look),
    lacking: () => {
      const reasons = (['test clips', 'training clips', 'views'] as const).flatMap((part) => {
        const ids = [...asked.keys()].filter((id) => asked.get(id) === part)
        const missing = ids.filter((id) => !given.has(id))
        if (missing.length > 0 && (part === 'test clips' || missing.length < ids.length)) throw missingOf(part, missing, ids.length)
        return missing.length === 0 ? [] : [part === 'views' ? 'no embeddings of its views were given: eval --write-views writes them' : 'no embeddings of the training clips were given']
      })
      asked = new Map()
      return reasons[0] ?? null
    },
    know: (sides) => {
      addClips(known, sides)
      // training clips without phases teach nothing: they are not asked for
      for (const { id } of sides.train) unused.delete(id)
    },
    unused: () => [...unused].sort(),
  }
}

/** Throws E_EMBEDDINGS_MISSING where test clips are not among the given, E_EMBEDDINGS_FRAMES where one has another number of frames. */
export function checkTestClips(given: ReadonlyMap<string, Tensor>, test: readonly Clip[]): void {
  const missing = test.filter(({ id }) => !given.has(id))
  if (missing.length > 0) throw missingOf('test clips', missing.map(({ id }) => id), test.length)
  for (const { id, frames } of test) if (given.get(id)!.shape[0] !== frames) throw wrongFrames(id, given.get(id)!.shape[0]!, frames)
}

/** An encoder that keeps what it is shown, whole clips by their ids and views by `viewId`, in the order they were first asked for. */
export function collectingEncoder(sides: Sides): Encoder & { readonly shown: ReadonlyMap<string, Clip> } {
  const known: WholeClips = new WeakMap()
  addClips(known, sides)
  const shown = new Map<string, Clip>()
  return {
    name: 'views', shown,
    embed: async (clips) => clips.map((clip) => {
      shown.set(known.get(clip.keypoints!)?.id ?? viewId(clip), clip)
      return standIn(clip.frames, 1)
    }),
  }
}

function addClips(known: WholeClips, { train, test }: Sides): void {
  for (const { id, keypoints } of train) known.set(keypoints!, { id, part: 'training clips' })
  for (const { id, keypoints } of test) known.set(keypoints!, { id, part: 'test clips' })
}

/** t / T and zeros: something that every metric can be taken of. */
function standIn(frames: number, dims: number): Tensor {
  return { shape: [frames, dims], data: Float32Array.from({ length: frames * dims }, (_, at) => (at % dims === 0 ? at / dims / frames : 0)) }
}

/**
 * What names a view: sha256 of its counts of frames, persons, joints and axes and of its keypoints (every NaN as one), 16 digits of it. Equal views have equal names, whatever the
 * metric and the machine.
 */
export function viewId({ keypoints, frames, persons, joints, dims }: Clip): string {
  const words = new Uint32Array(4 + keypoints!.length)
  words.set([frames, persons, joints, dims])
  words.set(new Uint32Array(keypoints!.buffer, keypoints!.byteOffset, keypoints!.length), 4)
  for (let at = 4; at < words.length; at++) if ((words[at]! & 0x7fffffff) > 0x7f800000) words[at] = 0x7fc00000
  return `view/${sha256(new Uint8Array(words.buffer)).slice(0, 16)}`
}

/** Given embeddings of another number of frames than the clip has. */
export function wrongFrames(id: string, found: number, expected: number): ToolkitError {
  return new ToolkitError('E_EMBEDDINGS_FRAMES', `${id} has ${expected} frames, ${found} embeddings of it were given`, { hint: 'one embedding per frame, counted from 0' })
}

function missingOf(part: Part, missing: readonly string[], count: number): ToolkitError {
  return new ToolkitError('E_EMBEDDINGS_MISSING', `embeddings of ${missing.length} of ${count} ${part} are missing: ${fewNames(missing)}`, {
    hint: part === 'test clips' ? 'every clip of the test side is needed, of one action with --action' : `give all of these ${part}, or none` })
}
