// Kendall's tau as `eval` measures it, for ../kendall-tau.ts: node tau-ours.js JSON
import { readFileSync } from 'node:fs'
import { kendallTau } from '../../dist/eval/metrics/kendall-tau.js'
import { itemsOf } from '../../dist/eval/sums.js'
import { serveSteps } from '../engine/serve-steps.js'

const { file, frames, dims, stride, groups } = JSON.parse(process.argv[2])
const numbers = new Float32Array(new Uint8Array(readFileSync(file)).buffer)
let start = 0
const embedded = frames.map((count, index) => {
  const data = numbers.subarray(start * dims, (start += count) * dims)
  return { clip: { id: `${index}`, group: groups[index], frames: count, labels: { action: 'one' } }, embedding: { shape: [count, dims], data } }
})
// a share of each pair of its own in the sum: equal sums mean equal pairs
await serveSteps('posetta', async () => {
  const { sums, clips } = kendallTau(embedded, { stride })
  const taus = itemsOf(sums, clips)
  return taus.reduce((sum, { clip, other, amount }) => sum + amount * (1 + Math.cos(3 * Number(clip) + 5 * Number(other))), 0) / taus.length
})
