import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initialise, la2ds, type La2dsConfig, la2dsDefaults, type Model, profileOf } from '../../src/models/index.ts'
import { randomAt } from '../../src/random.ts'

/** What the contenders of LA2DS's steps are told: the shapes, and the folder of the numbers that all of them start from. Remove the folder when done. */
export type La2dsWork = {
  readonly folder: string
  readonly rows: number
  readonly frames: number
  readonly config: La2dsConfig
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[]; readonly decay: boolean }[]
}

/** `clips` x 2 views x `frames` frames of heatmaps for a profile. */
export function la2dsWork({ profile, clips, frames }: { profile: string; clips: number; frames: number }): { readonly work: La2dsWork; readonly model: Model } {
  const { size, patch, sigma: _sigma, ...sizes } = profileOf(profile)
  const config = { ...la2dsDefaults, ...sizes, tokens: (size / patch) ** 2, patchInputs: 27 * patch ** 2 }
  const model = la2ds(config)
  const rows = 2 * clips
  const folder = mkdtempSync(join(tmpdir(), 'training-step-'))
  const write = (file: string, data: Float32Array): void => writeFileSync(join(folder, `${file}.f32`), data)
  const values = initialise(model.parameters, 0)
  write('params', Float32Array.from(model.parameters.flatMap(({ name }) => Array.from(values[name]!.data))))
  // heatmaps are near 0 nearly everywhere: u^8, which all repeat until the patches are full
  const random = randomAt({ seed: 1 })
  write('patches', Float32Array.from({ length: 1 << 20 }, () => random.uniform() ** 8))
  const mask = { shape: [rows, frames], data: new Float32Array(rows * frames).fill(1) }
  write('position', model.feeds({ mask })['position']!.data)
  return { work: { folder, rows, frames, config, parameters: model.parameters.map(({ name, shape, decay }) => ({ name, shape, decay })) }, model }
}
