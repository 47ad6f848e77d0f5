import { ToolkitError } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import type { LoaderRequest } from './loader-request.ts'
import { trainableClips, type TrainableClips } from './trainable-clips.ts'

/** Which clips of a data set a loader hands out. */
export type LoaderClips = Pick<TrainableClips, 'entry' | 'manifest' | 'split'> & { readonly ids: readonly string[]; readonly leftOut: number }

/** The clips of each data set, all of one skeleton, and what they are called in a loader's state. */
export type ChosenClips = { readonly parts: readonly LoaderClips[]; readonly split: Hash; readonly root: Hash }

/** The clips of a side that can be trained on. Throws E_LOADER_SKELETON, E_LOADER_EMPTY, and what `trainableClips` throws. */
export async function chosenClips(request: LoaderRequest): Promise<ChosenClips> {
  const { datasets, version, tensors } = request
  if (datasets.length > 1 && version !== undefined) throw new ToolkitError('E_USAGE', `version "${version}" of ${datasets.length} data sets`, { hint: 'name a version with a single data set' })
  const parts: LoaderClips[] = []
  const dims = tensors.points?.dims ?? tensors.streams?.dims ?? tensors.coordinates?.dims ?? 2
  for (const dataset of new Set(datasets)) parts.push(await clipsOf(dataset, request, dims))
  const [first, other] = [parts[0]!, parts.find(({ entry }) => entry.skeleton.name !== parts[0]!.entry.skeleton.name)]
  if (other === undefined) return { parts, ...identityOf(parts, { ...request, dims }) }
  throw new ToolkitError('E_LOADER_SKELETON', `${first.manifest.dataset} has joints of ${first.entry.skeleton.name}, ${other.manifest.dataset} of ${other.entry.skeleton.name}`, {
    hint: 'batches are of one skeleton: make a loader for each' })
}

async function clipsOf(dataset: string, request: LoaderRequest, dims: 2 | 3): Promise<LoaderClips> {
  const { side: name, action } = request
  const { side, ...place } = await trainableClips({ ...request, dataset }, { dims, sides: [name] })
  const { clips, leftOut } = side(name)
  if (clips.length > 0) return { ...place, ids: clips.map(({ id }) => id), leftOut }
  const { entry, split } = place
  throw new ToolkitError('E_LOADER_EMPTY', `the ${name} side of split "${split.name}" of ${dataset} has no clip${action === null ? '' : ` of ${action}`} with ${dims}D joints of ${entry.skeleton.name}`, {
    hint: `choose another --side, --action or --split${leftOut === 0 ? '' : `; ${leftOut} are of other joints, or left out: ${entry.trainable.because}`}` })
}

/** The hash of a split stands for its train side, whole, in two dimensions; other parts of it, and several data sets, have hashes of their own. */
function identityOf(parts: readonly LoaderClips[], { side, action, dims }: Pick<LoaderRequest, 'side' | 'action'> & { dims: 2 | 3 }): Pick<ChosenClips, 'split' | 'root'> {
  const isWhole = side === 'train' && action === null && dims === 2
  const splits = parts.map(({ split: { hash } }) => (isWhole ? hash : sha256(`${hash}\n${side}\n${action ?? ''}\n${dims === 2 ? '' : '3D\n'}`)))
  const roots = parts.map(({ manifest: { root } }) => root)
  return parts.length === 1 ? { split: splits[0]!, root: roots[0]! } : { split: sha256(...splits), root: sha256(...roots) }
}
