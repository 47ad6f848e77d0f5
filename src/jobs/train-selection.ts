import { entryOf, readCatalog, type DatasetEntry } from '../catalog.ts'
import type { Clip } from '../clip.ts'
import { ToolkitError, unknownName } from '../errors.ts'
import { readClips, readSplit, readVersion } from '../store/index.ts'
import type { Split } from '../split.ts'
import { membersIn, refuseLacking } from './split-members.ts'
import { validationPart } from './validation-part.ts'

export type Selection = {
  readonly entry: DatasetEntry
  readonly split: Split
  readonly root: string
  /** Of the version that the clips are of. */
  readonly commit: string
  readonly train: readonly Clip[]
  readonly validation: readonly Clip[]
  /** Clips that the catalog's rule, missing keypoints, a third dimension or another skeleton than the catalog's first leave out of training. */
  readonly leftOut: number
}

/**
 * The clips a training sees: the train side of a split, of one action or of all; a validation part is the split's own or carved from the train side.
 * With `isTested` clips of the test side must be there too. Throws E_ACTION_UNKNOWN, E_NOTHING_TO_TRAIN and what store, catalog and `refuseLacking` throw.
 */
export async function trainSelection({ storeDir, dataset, split: splitName, version, action, validation: share, isTested = false, catalogFiles = [] }: {
  storeDir: string; dataset: string; split: string; version?: string | undefined; action: string | null; validation: number; isTested?: boolean
  catalogFiles?: readonly string[] | undefined
}): Promise<Selection> {
  const entry = entryOf(await readCatalog(catalogFiles), dataset)
  const manifest = await readVersion(storeDir, dataset, version)
  const { root, commit } = manifest
  const split = await readSplit(storeDir, dataset, splitName)
  const { sides, lacking } = await membersIn(storeDir, manifest, split)
  await refuseLacking(isTested ? lacking : lacking.filter(({ side }) => side !== 'test'), { storeDir, manifest, split, entry, action })
  const side = async (name: 'train' | 'validation') => ofAction(await readClips(storeDir, dataset, sides[name] ?? [], { version }), action)
  const [found, own] = [await side('train'), split.sides.validation === undefined ? [] : await side('validation')]
  if (found.length === 0 && action !== null && !entry.actions.includes(action)) {
    throw unknownName('E_ACTION_UNKNOWN', `action in ${dataset}`, action, entry.actions)
  }
  const trainable = found.filter((clip) => isTrainable(clip, entry))
  if (trainable.length === 0) {
    const which = action === null ? 'clip' : `clip of ${action}`
    throw new ToolkitError('E_NOTHING_TO_TRAIN', `the train side of split "${splitName}" of ${dataset} has no ${which} to train on`, {
      hint: found.length === 0 ? 'choose another --action or --split' : `${found.length} are left out: ${entry.trainable.because}` })
  }
  const parts = own.length > 0 ? { train: trainable, validation: own.filter((clip) => isTrainable(clip, entry)) } : validationPart(trainable, share)
  return { entry, split, root, commit, ...parts, leftOut: found.length - trainable.length }
}

function ofAction(clips: readonly Clip[], action: string | null): Clip[] {
  return clips.filter((clip) => action === null || clip.labels.action === action)
}

function isTrainable(clip: Clip, entry: DatasetEntry): boolean {
  return clip.keypoints !== null && clip.skeleton === entry.skeleton.name && clip.dims === 2 && !entry.trainable.withoutFlags.some((flag) => clip.flags.includes(flag))
}
