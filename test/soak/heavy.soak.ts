import { expect, test } from 'vitest'
import { killIngests } from './kill.ts'
import { fuzzMat } from './mat-fuzz.ts'
import { checkResumes } from './resume.ts'

/** `npm run soak` runs everything, `npm run soak -- --sample` a fiftieth. */
const share = process.env['POSETTA_SOAK'] === 'sample' ? 0.02 : 1

test('no mutated .mat does more than be refused', () => {
  const { read, refused } = fuzzMat({ iterations: 300_000 * share, seed: 2026 })
  expect(read + refused).toBe(300_000 * share)
})

test('every resumed loader goes on exactly', async () => {
  expect(await checkResumes(10_000 * share)).toBe(10_000 * share)
})

test('a killed ingest, run again, leaves the bytes of an undisturbed one', async () => {
  const { early, late } = await killIngests(Math.ceil(200 * share))
  expect(early + late).toBe(Math.ceil(200 * share))
  expect(early).toBeGreaterThan(0)
})
