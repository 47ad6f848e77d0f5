import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors } from '../../src/engine/index.ts'
import { la2ds, la2dsDefaults, unflatten } from '../../src/models/index.ts'
import { type Checkpoint, readCheckpoint, readWeights, train, writeCheckpoint } from '../../src/train/index.ts'
import { root } from '../sources.ts'
import { temporaryFolder } from '../store/folder.ts'
import { model, training } from './small-training.ts'

const fresh = training(1).start
const checkpoint: Checkpoint = {
  ...fresh, step: 7, stale: 1, states: { m: fresh.params.map((_, i) => i / 8), v: fresh.params.map((_, i) => i) },
  best: { step: 5, epoch: 2, value: 0.25, weights: unflatten(model.parameters, fresh.params.map((x) => 2 * x)) },
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
  expect(await readWeights(file, model)).toEqual(checkpoint.best!.weights)
  const { tensors, metadata } = decodeSafetensors(new Uint8Array(await readFile(file)), file)
  expect(Object.keys(tensors).slice(-3)).toEqual(['resume.params', 'resume.m', 'resume.v'])
  expect(metadata).toMatchObject({ format: 'posetta-checkpoint-2', run: 'a run', model: 'la2ds' })
})

test('without a best one, the last parameters stand there', async () => {
  const other = `${await temporaryFolder()}/c`
  await writeCheckpoint(other, { ...checkpoint, best: null }, { model })
  expect(await readWeights(other, model)).toEqual(unflatten(model.parameters, checkpoint.params))
  expect((await readCheckpoint(other, model)).best).toBeNull()
})

test('one of before, without a hash, is read', async () => {
  const file = await written()
  const { tensors, metadata: { sha256: _, ...metadata } } = decodeSafetensors(new Uint8Array(await readFile(file)), file)
  await writeFile(file, encodeSafetensors({ tensors, metadata: { ...metadata, format: 'posetta-checkpoint-1' } }))
  expect(await readCheckpoint(file, model)).toEqual(checkpoint)
})

describe('refuses', () => {
  test('a checkpoint of another size of model, naming the first parameter that differs', async () => {
    const file = await written()
    const wider = la2ds({ ...la2dsDefaults, tokens: 4, patchInputs: 6, width: 16, heads: 2, spatialLayers: 1, temporalLayers: 1, embedding: 8 })
    await expect(readCheckpoint(file, wider)).rejects.toMatchObject({
      code: 'E_CHECKPOINT', message: `"${file}" has as [6, 8] the parameter "patch.linear.weight" [6, 16] of its run` })
  })
  test('a file that is not there, and one of another kind', async () => {
    await expect(readCheckpoint('nowhere.safetensors', model)).rejects.toMatchObject({ code: 'E_CHECKPOINT', message: '"nowhere.safetensors" cannot be read: ENOENT: no such file or directory, open \'nowhere.safetensors\'' })
    const other = `${await temporaryFolder()}/other`
    await writeFile(other, encodeSafetensors({ tensors: {}, metadata: { format: 'pt' } }))
    await expect(readCheckpoint(other, model)).rejects.toMatchObject({ message: `"${other}" has format "pt", this version reads "posetta-checkpoint-2"` })
  })
  test.each([['used', 0.4], ['resumed with', 0.9]])('numbers to be %s of which one bit is another, whoever reads them', async (_title, place) => {
    const file = await written()
    const bytes = await readFile(file)
    bytes[Math.floor(place * bytes.length)]! ^= 1
    await writeFile(file, bytes)
    const refused = { code: 'E_CHECKPOINT', message: `"${file}" is not as it was written: what it holds has another hash` }
    await expect(readWeights(file, model)).rejects.toMatchObject(refused)
    await expect(readCheckpoint(file, model)).rejects.toMatchObject(refused)
  })
  test('another step, epoch or sample than was written: a run would go on with the wrong one', async () => {
    const file = await written()
    const changed = (await readFile(file)).toString('latin1').replace('{\\"step\\":7,', '{\\"step\\":8,')
    await writeFile(file, changed, 'latin1')
    await expect(readCheckpoint(file, model)).rejects.toMatchObject({ code: 'E_CHECKPOINT', message: `"${file}" is not as it was written: what it holds has another hash` })
  })
  test('one that does not say where it stood', async () => {
    const file = await written()
    const { tensors, metadata: { sha256: _, ...metadata } } = decodeSafetensors(new Uint8Array(await readFile(file)), file)
    await writeFile(file, encodeSafetensors({ tensors, metadata: { ...metadata, format: 'posetta-checkpoint-1', training: '{"step":-1}' } }))
    await expect(readCheckpoint(file, model)).rejects.toMatchObject({ code: 'E_CHECKPOINT', message: `"${file}" does not say where its training stood: "{"step":-1}"` })
  })
  test('one that another optimiser left', async () => {
    const states = { momentum: checkpoint.states['m']! }
    await expect(train(training(3, { start: { ...checkpoint, states } }))).rejects.toMatchObject({
      code: 'E_CHECKPOINT', message: 'the checkpoint after step 7 has momentum, params, the optimiser carries params, m, v' })
  })
  test('a file cut short', async () => {
    const cut = `${await temporaryFolder()}/cut`
    await writeFile(cut, (await readFile(await written())).subarray(0, 2000))
    await expect(readCheckpoint(cut, model)).rejects.toMatchObject({
      code: 'E_CHECKPOINT', message: expect.stringMatching(/cut" is damaged: .*cut: a header of \d+ bytes in a file of 2000$/) as string, hint: 'start a new run, or bring the file back from a backup' })
  })
})

// the built package: the system ends a process that writes more than it may, wherever that is
describe.skipIf(process.platform !== 'linux' || !existsSync('dist/train/index.js'))('a process that dies while it writes a checkpoint', () => {
  const write = (file: string, blocks: number | 'unlimited', step: number) => spawnSync('bash', ['-c', 'ulimit -f "$2"; exec "$0" --input-type=module -e "$1"', process.execPath, `
    const { freshStart, writeCheckpoint } = await import('${root}/dist/train/index.js')
    const { la2ds, la2dsDefaults } = await import('${root}/dist/models/index.js')
    const model = la2ds({ ...la2dsDefaults, tokens: 4, patchInputs: 6, width: 8, heads: 2, spatialLayers: 1, temporalLayers: 1, embedding: 8 })
    const start = freshStart(model, { seed: 1, loader: { format: 1, split: 'a', root: 'b', seed: 0, epoch: 0, next: 0 } })
    await writeCheckpoint('${file}', { ...start, step: ${step} }, { model }).then(() => console.log('written'), () => console.log('refused'))`, String(blocks)], { encoding: 'utf8' })

  test('leaves the one before, at whatever byte it dies; the next one is written over what is left', async () => {
    const file = join(await temporaryFolder(), 'checkpoint.safetensors')
    expect(write(file, 'unlimited', 1).stdout).toBe('written\n')
    const [before, { size }] = [await readFile(file), await stat(file)]
    const blocks = Array.from({ length: 4 }, (_, i) => Math.floor((i * size) / 1024 / 4))
    for (const block of blocks) {
      expect([block, write(file, block, 2).stdout === 'written\n', before.equals(await readFile(file))]).toEqual([block, false, true])
      expect((await readCheckpoint(file, model)).step).toBe(1)
    }
    expect(write(file, 'unlimited', 3).stdout).toBe('written\n')
    expect((await readCheckpoint(file, model)).step).toBe(3)
  })

  test('and a draft cut at any byte that a kill left beside it is no one\'s loss', async () => {
    const file = await written()
    const whole = await readFile(file)
    for (let cut = 0; cut < whole.length; cut += 97) {
      await writeFile(`${file}.tmp`, whole.subarray(0, cut))
      expect((await readCheckpoint(file, model)).step).toBe(7)
    }
    await writeCheckpoint(file, { ...checkpoint, step: 8 }, { model })
    expect([(await readCheckpoint(file, model)).step, existsSync(`${file}.tmp`)]).toEqual([8, false])
  })
})
