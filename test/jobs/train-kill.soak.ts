import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { killTrainings } from '../soak/kill-training.ts'

const kills = process.env['POSETTA_SOAK'] === 'sample' ? 4 : 50

test.skipIf(!existsSync('dist/jobs/train-worker.js'))('a training killed at any moment, and resumed, ends with the bytes and the log of one that was not', async () => {
  const stages = await killTrainings(kills)
  process.stdout.write(`killed: ${Object.entries(stages).map(([stage, count]) => `${count} ${stage}`).join(', ')}\n`)
  expect(Object.values(stages).reduce((sum, count) => sum + count, 0)).toBe(kills)
})
