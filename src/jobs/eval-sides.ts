import { entryOf, readCatalog } from '../catalog.ts'
import type { Clip } from '../clip.ts'
import { fewNames } from '../few-names.ts'
import type { Side } from '../split.ts'
import { readClips, readSplit, readVersion } from '../store/index.ts'
import { isGiven, type RunRecord } from '../train/index.ts'
import type { EvalRequest } from './eval-request.ts'
import { clipDims } from './model-of-config.ts'
import { nothingToTest } from './nothing-to-test.ts'
import { runVersion } from './run-version.ts'
import { membersIn, refuseLacking } from './split-members.ts'
import { configOf } from './train-config.ts'

/** What of a run says which clips it is measured on: where it has a model, those of the data set's first skeleton in as many dimensions as it takes. */
export type Measurable = Pick<RunRecord, 'run' | 'dataset' | 'split' | 'root' | 'action'> & Partial<Pick<RunRecord, 'model' | 'config'>>

/** The clips of a run's split: the train side by the catalog's rule for training, the test side as it is; of the run's action only. `leftOut`: clips of the test side that its model does not take. Throws what `nothingToTest` makes. */
export async function readSides({ storeDir, catalogFiles = [] }: Pick<EvalRequest, 'storeDir' | 'catalogFiles'>,
  record: Measurable): Promise<{ train: Clip[]; test: Clip[]; leftOut: Clip[] }> {
  const { entry, manifest, split, lacking, fits, joints, all, side } = await openSides({ storeDir, catalogFiles }, record)
  await refuseLacking(lacking, { storeDir, manifest, split, entry, action: record.action })
  const [train, validation, tested] = [await side('train'), split.sides.validation === undefined ? [] : await side('validation'), await all('test')]
  const test = tested.filter(fits)
  if (test.length === 0) throw nothingToTest({ entry, split: record.split.name, action: record.action }, await joints('test'))
  return { train: [...train, ...validation].filter(({ flags }) => !entry.trainable.withoutFlags.some((flag) => flags.includes(flag))), test, leftOut: tested.filter((clip) => !fits(clip)) }
}

/** The clips of the test side of a run that were not purged since. */
export async function readTestLeft(place: Pick<EvalRequest, 'storeDir' | 'catalogFiles'>, record: RunRecord): Promise<Clip[]> {
  return (await openSides(place, record)).side('test')
}

async function openSides({ storeDir, catalogFiles = [] }: Pick<EvalRequest, 'storeDir' | 'catalogFiles'>, record: Measurable) {
  const entry = entryOf(await readCatalog(catalogFiles), record.dataset)
  const version = await runVersion(storeDir, record)
  const manifest = await readVersion(storeDir, record.dataset, version)
  const split = await readSplit(storeDir, record.dataset, record.split.name)
  const { sides, lacking } = await membersIn(storeDir, manifest, split)
  const { model, config } = record
  const dims = model === undefined || config === undefined || isGiven({ config }) ? null : clipDims(model, configOf({ config }))
  const joints = async (name: Side) => (await readClips(storeDir, record.dataset, sides[name] ?? [], { version })).filter(({ keypoints }) => keypoints !== null)
  const all = async (name: Side) => (await joints(name)).filter(({ labels }) => record.action === null || labels.action === record.action)
  const fits = (clip: Clip): boolean => dims === null || (clip.dims === dims && clip.skeleton === entry.skeleton.name)
  return { entry, manifest, split, lacking, fits, joints, all, side: async (name: Side) => (await all(name)).filter(fits) }
}

/** Clips of the test side that are not measured, in a sentence; none where there are none. */
export function leftOutText(clips: readonly Clip[]): string[] {
  const kinds = [...new Set(clips.map(({ skeleton, dims }) => `${skeleton} in ${dims} dimensions`))]
  return clips.length === 0 ? [] : [`${clips.length} clips of the test side are not measured, the model does not take their joints (${kinds.join(', ')}): ${fewNames(clips.map(({ id }) => id))}`]
}
