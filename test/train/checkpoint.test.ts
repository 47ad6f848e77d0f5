import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors } from '../../src/engine/index.ts'
import { la2ds, la2dsDefaults } from '../../src/models/index.ts'
import { type Checkpoint, readCheckpoint, readParameters, unflatten, writeCheckpoint } from '../../src/train/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { model, training } from './small-training.ts'

const fresh = training(1).start
const checkpoint: Checkpoint = {
  ...fresh, step: 7, stale: 1, m: fresh.m.map((_, i) => i / 8), v: fresh.v.map((_, i) => i), 
  best: { step: 5, epoch: 2, value: 0.25, params: fresh.params.map((x) => 2 * x) },
}

/** The checkpoint as a file. */
async function written(): Promise<string> {
  const file = `${await temporaryFolder()}/checkpoint.safetensors`
  await writeCheckpoint(file, checkpoint, { model, about: { run: 'a run' } })
  return file
}

test('comes back as it was', async () => {
  expect(await readCheckpoint(await written(), model)).toEqual(checkpoint)
})

test('holds the best parameters under their names, for any reader of safetensors', async () => {
  const file = await written()
  expect(await readParameters(file, model)).toEqual(unflatten(model.parameters, checkpoint.best!.params))
  const { tensors, metadata } = decodeSafetensors(new Uint8Array(await readFile(file)), file)
  expect(Object.keys(tensors).slice(-3)).toEqual(['resume.params', 'resume.m', 'resume.v'])
  expect(metadata).toMatchObject({ format: 'posetta-checkpoint-1', run: 'a run', model: 'la2ds' })
})

test('without a best one, the last parameters stand there', async () => {
  const other = `${await temporaryFolder()}/c`
  await writeCheckpoint(other, { ...checkpoint, best: null }, { model })
  expect(await readParameters(other, model)).toEqual(unflatten(model.parameters, checkpoint.params))
  expect((await readCheckpoint(other, model)).best).toBeNull()
})

describe('refuses', () => {
  test('a checkpoint of another size of model, naming the first parameter that differs', async () => {
    const file = await written()
    const wider = la2ds({ ...la2dsDefaults, tokens: 4, patchInputs: 6, width: 16, heads: 2, spatialLayers: 1, temporalLayers: 1, embedding: 8 })
    await expect(readCheckpoint(file, wider)).rejects.toMatchObject({
      code: 'E_CHECKPOINT', message: `"${file}" has as [6, 8] the parameter "patch.linear.weight" [6, 16] of its run` })
  })
  test('a file that is not there, and one of another kind', async () => {
    await expect(readCheckpoint('nowhere.safetensors', model)).rejects.toMatchObject({ code: 'E_CHECKPOINT', message: '"nowhere.safetensors" cannot be read' })
    const other = `${await temporaryFolder()}/other`
    await writeFile(other, encodeSafetensors({ tensors: {}, metadata: { format: 'pt' } }))
    await expect(readCheckpoint(other, model)).rejects.toMatchObject({ message: `"${other}" has format "pt", this version reads "posetta-checkpoint-1"` })
  })
  test('a file cut short', async () => {
    const cut = `${await temporaryFolder()}/cut`
    await writeFile(cut, (await readFile(await written())).subarray(0, 2000))
    await expect(readCheckpoint(cut, model)).rejects.toMatchObject({ code: 'E_SAFETENSORS' })
  })
})
