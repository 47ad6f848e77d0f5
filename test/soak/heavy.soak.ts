import { expect, test } from 'vitest'
import { flipBits } from './bit-flips.ts'
import { killIngests } from './kill.ts'
import { fuzzJson } from './json-fuzz.ts'
import { fuzzMat } from './mat-fuzz.ts'
import { fuzzNpy } from './npy-fuzz.ts'
import { fuzzPickle } from './pickle-fuzz.ts'
import { checkResumes } from './resume.ts'
import { fuzzTfRecord } from './tfrecord-fuzz.ts'

/** `npm run soak` runs everything, `npm run soak -- --sample` a fiftieth. */
const share = process.env['POSETTA_SOAK'] === 'sample' ? 0.02 : 1

test('no mutated .mat does more than be refused', () => {
  const { read, refused } = fuzzMat({ iterations: 300_000 * share, seed: 2026 })
  expect(read + refused).toBe(300_000 * share)
})

test.each([['pickle', fuzzPickle], ['.npy', fuzzNpy], ['TFRecord', fuzzTfRecord], ['JSON', fuzzJson]] as const)('no mutated %s does more than be refused', (_, fuzz) => {
  const { read, refused } = fuzz({ iterations: 100_000 * share, seed: 2026 })
  expect(read + refused).toBe(100_000 * share)
})

test('no turned bit in a store goes unseen', async () => {
  const flips = 10_000 * share
  const { found, refusedReads, unchangedReads } = await flipBits({ flips, seed: 2026 })
  process.stdout.write(`bits turned: ${found} found, ${refusedReads} reads refused, ${unchangedReads} reads as before\n`)
  expect(found).toBe(flips)
  expect(refusedReads).toBeGreaterThan(flips)
})

test('every resumed loader goes on exactly', async () => {
  const samples = await checkResumes({ configurations: 10_000 * share })
  process.stdout.write(`resumed: ${samples} samples compared\n`)
  expect(samples).toBeGreaterThan(3 * 10_000 * share)
})

test('a killed ingest, run again, leaves the bytes of an undisturbed one', async () => {
  const kills = Math.ceil(200 * share)
  const stages = await killIngests(kills)
  process.stdout.write(`killed: ${Object.entries(stages).map(([stage, count]) => `${count} ${stage}`).join(', ')}\n`)
  expect(Object.values(stages).reduce((sum, count) => sum + count, 0)).toBe(kills)
  expect(kills - stages['ended before']).toBeGreaterThan(0)
})
