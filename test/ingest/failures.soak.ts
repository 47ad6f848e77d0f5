import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../src/catalog.ts'
import { ToolkitError } from '../../src/errors.ts'
import { ingest, type IngestOptions } from '../../src/ingest/ingest.ts'
import { openRawFolder } from '../../src/ingest/raw-folder.ts'
import { writeTwin } from '../../src/ingest/synthetic/write-twin.ts'
import { verify } from '../../src/store/index.ts'
import { failingDisk } from '../store/failing-disk.ts'
import { hashNewest, hashTree, temporaryFolder } from '../store/folder.ts'

let entry: DatasetEntry
let folder: string
let rawDir: string
let undisturbed: Record<string, string>
let newest: Record<string, string>
beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'penn-action')
  folder = await mkdtemp(join(tmpdir(), 'posetta-failures-'))
  rawDir = join(folder, 'raw')
  await writeTwin(entry, rawDir, { clips: 3, seed: 4, frames: true })
  await ingest(options(join(folder, 'store')))
  undisturbed = await hashTree(join(folder, 'store'))
  newest = await hashNewest(join(folder, 'store'), 'penn-action')
})
afterAll(() => rm(folder, { recursive: true }))

const options = (storeDir: string): IngestOptions => ({ entry, rawDir, storeDir, jobs: 1, frames: 'embed' })

/** `npm test` takes every fifth call, `npm run soak` each of them. */
const SPACING = process.env['POSETTA_SOAK'] === 'full' ? 1 : 5

describe.each([['EIO', false], ['ENOSPC', true]])('the disk of the store fails with %s at every one of its calls', (code, forever) => {
  test('each time with a clear error, and the same command again ends in the bytes of an undisturbed run', async () => {
    const failures: string[] = []
    for (let at = 0; ; at += SPACING) {
      const storeDir = await temporaryFolder()
      const disk = failingDisk(at, code, { forever })
      const error: unknown = await ingest({ ...options(storeDir), disk }).then(() => null, (error: unknown) => error)
      if (disk.calls() <= at) break
      if (error !== null) failures.push(error instanceof ToolkitError ? error.code : String(error))
      // the process that failed is gone, and with it its lock
      rmSync(join(storeDir, 'penn-action/.lock'), { recursive: true, force: true })
      await ingest(options(storeDir))
      expect(await hashTree(storeDir)).toEqual(undisturbed)
    }
    expect(failures.length * SPACING).toBeGreaterThan(40)
    expect(new Set(failures)).toEqual(new Set([code === 'EIO' ? 'E_DISK_FAILED' : 'E_DISK_FULL']))
  }, 120_000)

  test('and a store that stood before is whole after each of them', async () => {
    const storeDir = await temporaryFolder()
    await ingest({ ...options(storeDir), limit: 2 })
    for (let at = 0; at < 200; at += 3 * SPACING) {
      const disk = failingDisk(at, code, { forever })
      await ingest({ ...options(storeDir), disk }).catch(() => {})
      rmSync(join(storeDir, 'penn-action/.lock'), { recursive: true, force: true })
      expect((await verify(storeDir, 'penn-action', { deep: true })).problems.filter((problem) => problem.code !== 'E_FILE_EXTRA')).toEqual([])
      if (disk.calls() <= at) break
    }
  }, 120_000)
})

test('the raw disk fails at every one of its calls: set aside or refused, and the same command again reads what was missed', async () => {
  let reached = 0
  for (let at = 0; ; at += SPACING) {
    const storeDir = await temporaryFolder()
    let calls = 0
    const count = (): void => {
      if (calls++ === at) throw Object.assign(new Error('EIO: injected'), { code: 'EIO' })
    }
    const raw = openRawFolder(rawDir, {
      stat: (path) => { count(); return statSync(path) },
      list: (path) => { count(); return readdirSync(path, { withFileTypes: true }) },
      read: (path, check) => { count(); check(statSync(path)); return readFileSync(path) },
    })
    const failure = await ingest({ ...options(storeDir), raw }).then(({ quarantined }) => quarantined.map(({ code, message }) => `${code} ${message}`).join(),
      (error: ToolkitError) => `${error.code} ${error.message}`)
    if (calls <= at) break
    // set aside, or, where the folder itself cannot be read, refused; where only what is new was looked for, read all the same
    expect(failure).toMatch(/^(?:|E_RAW_READ cannot read .*: EIO)$/)
    expect(failure === '' ? await hashNewest(storeDir, 'penn-action') : newest).toEqual(newest)
    if (existsSync(join(storeDir, 'penn-action/manifest.json'))) reached++
    await ingest(options(storeDir))
    expect(await hashNewest(storeDir, 'penn-action')).toEqual(newest)
  }
  expect(reached * SPACING).toBeGreaterThan(10)
}, 120_000)
