import { expect, test } from 'vitest'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/index.ts'
import { checks } from '../../src/validate/checks/index.ts'
import { validate, type Validation } from '../../src/validate/index.ts'
import { temporaryFolder } from '../store/folder.ts'

async function validated(dataset: string, clips: number, flaws = false): Promise<Validation> {
  const [dir, storeDir, entry] = [join(await temporaryFolder(), 'raw'), await temporaryFolder(), entryOf(await readCatalog(), dataset)]
  await writeTwin(entry, dir, { clips, seed: 21, frames: false, flaws })
  await ingest({ entry, rawDir: dir, storeDir, jobs: 1 })
  return validate({ storeDir, datasets: [dataset], checks })
}

/** Severity and code of what is found; of persons that pass by only where asked for. */
const codesOf = ({ findings }: Validation): string[] => [...new Set(findings.filter(({ person }) => (person ?? 0) === 0).map(({ severity, code }) => `${severity} ${code}`))]

test('a clean twin of Penn Action: joints that were never placed or seen, nothing else', async () => {
  expect(codesOf(await validated('penn-action', 60))).toEqual(['info joint-never-observed'])
})

test('a clean twin of IKEA ASM: nothing about the worker but frames without a detection, and 3D scores that are all 1', async () => {
  expect(codesOf(await validated('ikea-asm', 1))).toEqual(['warn no-observed-joint', 'info constant-confidence'])
})

test('a twin of Penn Action with the known quirks: each under its code', async () => {
  const { findings } = await validated('penn-action', 12, true)
  expect([...new Set(findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code))]).toEqual(expect.arrayContaining(['frame-count-mismatch', 'off-image', 'no-observed-joint', 'degenerate-box']))
})
