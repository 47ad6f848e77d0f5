import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readMeasures, writeMeasures } from '../../src/eval/run-tables.ts'
import { reproduceJob } from '../../src/jobs/reproduce.ts'
import type { ReproduceRequest } from '../../src/jobs/reproduce-chain.ts'
import { hashSides } from '../../src/split.ts'
import { readManifest, readSplit, removeClips, writeSplit } from '../../src/store/index.ts'
import { readRun, runFile, writeRun } from '../../src/train/index.ts'
import { fileIn } from '../store/twin-store.ts'
import { flipBit } from '../store/flip.ts'
import { type LineagePlaces, lineageRun } from './lineage-run.ts'

const { placesOf } = lineageRun()
const RUN = '20251124-160000-la2ds-pullup-s0'
const reproduce = ({ storeDir, runsDir }: LineagePlaces, request: Partial<ReproduceRequest> = {}) =>
  reproduceJob({ storeDir, runsDir, run: 'latest', rawDir: null, only: [], jobs: 1, ...request }, { now: () => 0 })

/** Label files are zlib streams: joints of another video are as good as any change that can be read. */
function changeLabels({ rawDir }: LineagePlaces): void {
  const [first, second] = readdirSync(join(rawDir, 'labels')).sort()
  writeFileSync(join(rawDir, 'labels', first!), readFileSync(join(rawDir, 'labels', second!)))
}

test('a run that nothing was done to comes out the same, and nothing is left behind', async () => {
  const places = await placesOf()
  const runs = await readdir(places.runsDir)
  const done = await reproduce(places, { rawDir: places.rawDir })
  expect(done).toEqual({
    run: RUN, stages: ['data', 'split', 'training', 'evaluation'].map((stage) => ({ stage, state: 'same' })), differences: [], notes: [], reasons: [] })
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith('posetta-reproduce-'))
  expect([left, await readdir(places.runsDir)]).toEqual([[], runs])
})

test('a changed raw file, a tampered checkpoint and a changed measure are each told of their own link', async () => {
  const places = await placesOf()
  changeLabels(places)
  const file = runFile(places.runsDir, RUN, 'checkpoint')
  const checkpoint = readFileSync(file)
  checkpoint[checkpoint.length - 3]! ^= 1
  writeFileSync(file, checkpoint)
  const folder = join(places.runsDir, RUN)
  const { measures, comparisons } = (await readMeasures(folder))!
  await writeMeasures(folder, RUN, { measures: measures.map((one, at) => (at === 0 ? { ...one, value: 0.99 } : one)), comparisons })
  const { differences } = await reproduce(places, { rawDir: places.rawDir })
  expect(differences.map(({ stage, what, tolerance }) => [stage, what, tolerance])).toEqual([
    ['data', 'root of the data', null], ['data', 'clip penn-action/1149', null], ['training', 'tensors of the checkpoint', null],
    ['evaluation', 'value of re-cut-cycle-skill (quick, pullup, views) of la2ds', 0],
  ])
  expect(differences.at(-1)).toMatchObject({ was: 0.99, is: measures[0]!.value })
})

describe('the data', () => {
  test('without a raw folder are read from the store, and a turned bit ends the chain', async () => {
    const places = await placesOf()
    expect((await reproduce(places, { only: ['data'] })).differences).toEqual([])
    await flipBit(await fileIn(join(places.storeDir, 'penn-action/shards'))('frames-penn'), 100)
    const { differences, stages, notes } = await reproduce(places)
    expect(differences.map(({ what, was, is }) => [what.replace(/[0-9a-f]{16}/, '*'), was, String(is).split(':')[0]])).toEqual([['shards/frames-penn-13-2d-all-*.parquet', 'as written', 'E_FILE_CHANGED']])
    expect(stages.map(({ state }) => state)).toEqual(['different', 'not done', 'not done', 'not done'])
    expect(notes[0]).toEqual({ what: 'split', was: null, is: 'not made again: the data of the run are not there as they were' })
  })

  test('that are gone from the store are made anew from the raw folder', async () => {
    const places = await placesOf()
    const record = await readRun(places.runsDir, RUN)
    await writeRun(places.runsDir, { ...record, root: 'f'.repeat(64) })
    await expect(reproduce(places, { only: ['data'] })).rejects.toMatchObject({ code: 'E_VERSION_GONE' })
    const { root } = await readManifest(places.storeDir, 'penn-action')
    expect((await reproduce(places, { only: ['data'], rawDir: places.rawDir })).differences).toEqual([
      { stage: 'data', what: 'root of the data', was: 'f'.repeat(64), is: root, tolerance: null }])
  })
})

describe('the split', () => {
  test('whose query answers otherwise than it did', async () => {
    const places = await placesOf()
    const split = await readSplit(places.storeDir, 'penn-action', 'official')
    const [moved, ...train] = split.sides.train!
    const sides = { train, test: [...split.sides.test!, moved!].sort() }
    await rm(join(places.storeDir, 'penn-action/splits'), { recursive: true })
    await writeSplit(places.storeDir, { ...split, sides, hash: hashSides(sides) }, split.root)
    const record = await readRun(places.runsDir, RUN)
    await writeRun(places.runsDir, { ...record, split: { name: 'official', hash: hashSides(sides) } })
    expect((await reproduce(places, { only: ['split'] })).differences).toEqual([
      { stage: 'split', what: `members of split official (1 clip is elsewhere, such as ${moved})`, was: hashSides(sides), is: split.hash, tolerance: null }])
  })

  test('that is another one than the run\'s ends the chain', async () => {
    const places = await placesOf()
    const record = await readRun(places.runsDir, RUN)
    await writeRun(places.runsDir, { ...record, split: { name: 'official', hash: 'e'.repeat(64) } })
    const { differences, stages } = await reproduce(places, { only: ['split', 'training'] })
    expect(differences.map(({ what, was, is }) => [what, was, is])).toEqual([[`split official of run ${RUN}`, 'e'.repeat(64), record.split.hash]])
    expect(stages).toEqual([{ stage: 'split', state: 'different' }, { stage: 'training', state: 'not done' }])
  })
})

describe('after a purge', () => {
  const purge = async (side: 'train' | 'test') => {
    const places = await placesOf()
    const { sides } = await readSplit(places.storeDir, 'penn-action', 'official')
    await removeClips({ storeDir: places.storeDir, dataset: 'penn-action', ids: [sides[side]![0]!], purge: true })
    const { stages, differences, notes } = await reproduce(places)
    return { clip: sides[side]![0]!, states: stages.map(({ state }) => state), differences, notes: notes.map(({ what, is }) => `${what}: ${is}`) }
  }

  test('of a test clip the measures are not taken again, all else is', async () => {
    const { clip, ...found } = await purge('test')
    expect(found).toEqual({ states: ['same', 'same', 'same', 'not done'], differences: [], notes: [
      'members of split official: 1 of them was purged, the others are compared',
      expect.stringMatching(`^evaluation: not made again: split "official": 1 of its clips was purged from version [0-9a-f]{12} of penn-action: ${clip}$`)] })
  })

  test('of a train clip nothing is trained again either', async () => {
    expect(await purge('train')).toMatchObject({ states: ['same', 'same', 'not done', 'not done'], differences: [] })
  })
})

test('what a run computed on is held against what computes now', async () => {
  const places = await placesOf()
  const record = await readRun(places.runsDir, RUN)
  await writeRun(places.runsDir, { ...record, machine: { ...record.machine!, cpu: 'Z80' }, versions: { ...record.versions, node: '20.0.0', 'onnxruntime-node': '1.0.0' } })
  const { notes, reasons } = await reproduce(places, { only: ['split'] })
  expect(reasons).toEqual([`another cpu: Z80, here ${record.machine!.cpu}`, `another engine: onnxruntime-node 1.0.0, here ${record.versions['onnxruntime-node']}`])
  expect(notes).toEqual([
    { what: 'node of the training', was: '20.0.0', is: process.versions.node },
    { what: 'onnxruntime-node of the training', was: '1.0.0', is: record.versions['onnxruntime-node'] }])
})

test('a run that did not come to an end is not made again', async () => {
  const places = await placesOf()
  await writeRun(places.runsDir, { ...await readRun(places.runsDir, RUN), state: 'running' })
  await expect(reproduce(places, { only: ['training'] })).rejects.toMatchObject({
    code: 'E_RUN_UNFINISHED', message: `run ${RUN} is running: there is no end to compare with`, hint: `posetta train --resume ${RUN}` })
})
