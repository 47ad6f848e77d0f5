import type { Clip } from '../../src/clip.ts'
import { readSides } from '../../src/jobs/eval-sides.ts'
import { configOf } from '../../src/jobs/train-config.ts'
import { trainSelection } from '../../src/jobs/train-selection.ts'
import { readClips } from '../../src/store/index.ts'
import type { RunRecord } from '../../src/train/index.ts'
import type { Place } from './place.ts'

export type Sides = { readonly train: readonly Clip[]; readonly test: readonly Clip[] }

/** The clips of one action a run is measured with; as `test`, with the part `validation`, those kept from its own training, and the test side is not read. */
export async function sidesOf(run: RunRecord, action: string, place: Place): Promise<Sides> {
  const ofAction = { ...run, action }
  return place.part === 'test' ? readSides(place, ofAction) : validationSides(ofAction, place)
}

async function validationSides(run: RunRecord, { storeDir, runsDir }: Place): Promise<Sides> {
  const { dataset, split: { name: split }, action } = run
  const { manifest: { commit }, train, validation } = await trainSelection({ storeDir, runsDir, dataset, split, action, validation: configOf(run).validation })
  const clipsOf = (rows: readonly { readonly id: string }[]) => readClips(storeDir, dataset, rows.map(({ id }) => id), { version: commit })
  return { train: await clipsOf(train), test: await clipsOf(validation) }
}
