import type { Clip } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { evenFrames } from '../transforms/index.ts'
import type { EncoderRequest, OpenEncoder } from './open-encoder.ts'
import { trainableClips } from './trainable-clips.ts'

/** Which clips a clip is held against. */
export type ReferenceRequest = Pick<EncoderRequest, 'storeDir' | 'runsDir' | 'catalogFiles'> & {
  /** Named ones; none = those of the clip's action on the train side of a split. */
  readonly references: readonly string[]
  /** The split whose train side they are on; that of the run, or `official`, when left out. */
  readonly split?: string | undefined
  /** Most of them, evenly out of all in order of id. */
  readonly most: number
}

/**
 * The clips that a clip is held against, never one of its own recording unless named. Throws E_USAGE for one named twice, E_NO_ACTION, E_NO_REFERENCES, and what reading the split and the clips throw.
 */
export async function readReferences(open: OpenEncoder, clip: Clip, { references, split, most, ...place }: ReferenceRequest): Promise<Clip[]> {
  const twice = references.find((id, at) => references.indexOf(id) !== at)
  if (twice !== undefined) throw new ToolkitError('E_USAGE', `reference "${twice}" is named twice: it would count as two`, { hint: 'name every reference once' })
  if (references.length > 0) return (await open.read([clip.id, ...references])).slice(1)
  const { action } = clip.labels
  if (action === null) throw new ToolkitError('E_NO_ACTION', `clip "${clip.id}" has no action by which references could be found`, { hint: 'name them after the clip' })
  const name = split ?? open.record?.split.name ?? 'official'
  const found = await trainableClips({ ...place, dataset: clip.dataset, split: name, version: open.manifest.commit, action }, { dims: clip.dims, sides: ['train', 'validation'] })
  const ids = [...found.side('train').clips, ...found.side('validation').clips].filter(({ group }) => group !== clip.group).map(({ id }) => id).sort()
  if (ids.length === 0) throw new ToolkitError('E_NO_REFERENCES', `the train side of split "${name}" has no clip of ${action} but those of the recording ${clip.group}`, { hint: 'name references after the clip, or another --split' })
  const chosen = ids.length <= most ? ids : evenFrames(ids.length, most).map((at) => ids[at]!)
  return (await open.read([clip.id, ...chosen])).slice(1)
}
