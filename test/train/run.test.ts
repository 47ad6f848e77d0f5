import { cp, mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createRun, listRuns, readRun, removeRun, runFile } from '../../src/train/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { runFields as fields } from './run-fields.ts'

/** Nobody else is at work here. */
const unlocked = async () => async () => {}

test('a run is named after its start, model, action and seed; two of one second get two names', async () => {
  const runs = await temporaryFolder()
  const [one, two] = [await createRun(runs, fields), await createRun(runs, { ...fields })]
  expect([one.run, two.run]).toEqual(['20261121-055231-la2ds-pullup-s2', '20261121-055231-la2ds-pullup-s2-2'])
  expect(await readRun(runs, two.run)).toEqual(two)
})

test('latest is the newest by start time', async () => {
  const runs = await temporaryFolder()
  await createRun(runs, { ...fields, started: '2026-12-01T00:00:00.000Z', action: null })
  await createRun(runs, fields)
  expect((await readRun(runs, 'latest')).run).toBe('20261201-000000-la2ds-all-s2')
  expect((await listRuns(runs)).runs.map(({ seed }) => seed)).toEqual([2, 2])
})

test('an unknown run is answered with those that exist, also when there is none', async () => {
  const runs = await temporaryFolder()
  await expect(readRun(runs, 'latest')).rejects.toMatchObject({ code: 'E_RUN_UNKNOWN', message: `there is no run in "${runs}" yet` })
  await createRun(runs, fields)
  await expect(readRun(runs, '20261121-055231-la2ds-pulup-s2')).rejects.toMatchObject({
    code: 'E_RUN_UNKNOWN', message: `no run in "${runs}" named "20261121-055231-la2ds-pulup-s2"`,
    hint: 'did you mean "20261121-055231-la2ds-pullup-s2"? There is: 20261121-055231-la2ds-pullup-s2' })
})

describe('a folder of runs with something else in it', () => {
  const lose = async (runs: string) => {
    const { run } = await createRun(runs, fields)
    await rename(runFile(runs, run, 'record'), runFile(runs, run, 'log'))
    return run
  }

  test('files, and folders without any file of a run, are passed over', async () => {
    const runs = await temporaryFolder()
    await writeFile(`${runs}/.DS_Store`, '')
    await mkdir(`${runs}/x`)
    const made = await createRun(runs, fields)
    expect(await listRuns(runs)).toEqual({ runs: [made], damaged: [] })
    expect(await readRun(runs, 'latest')).toEqual(made)
    for (const name of ['.DS_Store', 'x']) await expect(readRun(runs, name)).rejects.toMatchObject({ code: 'E_RUN_UNKNOWN' })
  })

  test('a damaged record says where, and is listed as damaged', async () => {
    const runs = await temporaryFolder()
    await mkdir(`${runs}/broken`)
    await writeFile(`${runs}/broken/run.json`, JSON.stringify({ ...fields, run: 'broken', steps: -1 }))
    const told = { code: 'E_RUN_DAMAGED', message: `"${runs}/broken/run.json" is of another format: steps: Too small: expected number to be >=0` }
    await expect(readRun(runs, 'broken')).rejects.toMatchObject(told)
    expect(await listRuns(runs)).toMatchObject({ runs: [], damaged: [{ run: 'broken', error: told }] })
  })

  test('a lost record is told of, and the other runs are read', async () => {
    const runs = await temporaryFolder()
    const lost = await lose(runs)
    const told = { code: 'E_RUN_DAMAGED', message: `"${runs}/${lost}" has log.jsonl of a run, but no run.json`, hint: 'bring run.json back from a backup or remove the folder' }
    for (const name of [lost, 'latest']) await expect(readRun(runs, name)).rejects.toMatchObject(told)
    const other = await createRun(runs, { ...fields, seed: 3 })
    expect(await listRuns(runs)).toMatchObject({ runs: [other], damaged: [{ run: lost, error: told }] })
    expect([await readRun(runs, other.run), await readRun(runs, 'latest')]).toEqual([other, other])
  })

  test('latest is not a run older than one whose record is lost', async () => {
    const runs = await temporaryFolder()
    const { run } = await createRun(runs, { ...fields, started: '2025-01-01T00:00:00.000Z' })
    await lose(runs)
    await expect(readRun(runs, 'latest')).rejects.toMatchObject({
      code: 'E_RUN_DAMAGED', hint: `bring run.json back from a backup or remove the folder; or name a run, the newest of the others is ${run}` })
  })

  test('a run whose record is lost is removed by its own name', async () => {
    const runs = await temporaryFolder()
    expect(await removeRun(runs, await lose(runs), unlocked)).toBe('20261121-055231-la2ds-pullup-s2')
    expect(await readdir(runs)).toEqual([])
  })
})

test('a copy under another name is told of, and removing it leaves the run it was taken of', async () => {
  const runs = await temporaryFolder()
  const { run } = await createRun(runs, fields)
  await cp(join(runs, run), join(runs, 'copy'), { recursive: true })
  await expect(readRun(runs, 'copy')).rejects.toMatchObject({
    code: 'E_RUN_DAMAGED', message: `"${runFile(runs, 'copy', 'record')}" is the record of run ${run}`, hint: `rename the folder to ${run}, or remove it` })
  expect(await removeRun(runs, 'copy', unlocked)).toBe('copy')
  expect(await readdir(runs)).toEqual([run])
})

test('a removed run is gone', async () => {
  const runs = await temporaryFolder()
  await createRun(runs, fields)
  await removeRun(runs, 'latest', unlocked)
  expect(await readdir(runs)).toEqual([])
})

test('a run made before commit, machine and checkpoint were kept is read with none of them', async () => {
  const runs = await temporaryFolder()
  const { commit: _, machine: __, checkpoint: ___, ...old } = fields
  await mkdir(`${runs}/old`)
  await writeFile(`${runs}/old/run.json`, JSON.stringify({ ...old, run: 'old' }))
  expect(await readRun(runs, 'old')).toEqual({ ...fields, commit: null, run: 'old' })
})
