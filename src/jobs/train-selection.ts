import { ToolkitError } from '../errors.ts'
import type { LoaderRequest } from './loader-request.ts'
import { type ClipRow, trainableClips, type TrainableClips } from './trainable-clips.ts'
import { validationPart } from './validation-part.ts'

/** The clips of a training, none of them read. */
export type Selection = Pick<TrainableClips, 'entry' | 'manifest' | 'split'> & {
  readonly train: readonly ClipRow[]
  readonly validation: readonly ClipRow[]
  /** Clips that the catalog's rule, missing keypoints, other dimensions or another skeleton than the catalog's first leave out of training. */
  readonly leftOut: number
}

/**
 * The clips a training sees: the train side of a split, of one action or of all; a validation part is the split's own or carved from the train side.
 * With `isTested` clips of the test side must be there too. Throws E_NOTHING_TO_TRAIN and what `trainableClips` throws.
 */
export async function trainSelection({ dataset, split: name, action, validation: share, dims = 2, isTested = false, ...place }:
  Pick<LoaderRequest, 'storeDir' | 'runsDir' | 'split' | 'version' | 'action' | 'catalogFiles'> & { dataset: string; validation: number; dims?: 2 | 3; isTested?: boolean },
): Promise<Selection> {
  const { entry, manifest, split, side } = await trainableClips({ ...place, dataset, split: name, action }, { dims, sides: isTested ? ['train', 'validation', 'test'] : ['train', 'validation'] })
  const { clips, leftOut } = side('train')
  if (clips.length === 0) {
    throw new ToolkitError('E_NOTHING_TO_TRAIN', `the train side of split "${name}" of ${dataset} has no ${action === null ? 'clip' : `clip of ${action}`} to train on`, {
      hint: leftOut === 0 ? 'choose another --action or --split' : `${leftOut} are left out: joints in other than ${dims} dimensions or of another skeleton than ${entry.skeleton.name}, or ${entry.trainable.because}` })
  }
  const own = side('validation')
  const parts = own.clips.length + own.leftOut > 0 ? { train: clips, validation: own.clips } : validationPart(clips, share)
  return { entry, manifest, split, ...parts, leftOut }
}
