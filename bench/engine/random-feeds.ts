/**
 * What masks of dropout cost on the CPU that makes them: those of one transformer layer (weights of the attention, two residuals, the hidden numbers) at 34 x 64 tokens of 128 numbers, 4
 * heads, and of stochastic depth, by step; and numbers with a normal distribution. Least and median of 15, CPU time of the process.
 *   node --input-type=module -e "await (await import('vite')).runnerImport('./bench/engine/random-feeds.ts')"
 */
import { cpus, loadavg } from 'node:os'
import { type Law, randomFeeds, randomInput } from '../../src/engine/index.ts'
import { sizeOf } from '../../src/tensor.ts'

const keep: Law = { kind: 'keep', rate: 0.1 }
const layer = [[34, 4, 64, 64], [34, 64, 128], [34, 64, 512], [34, 64, 128]]
const asked: readonly (readonly [title: string, law: Law, shapes: readonly (readonly number[])[]])[] = [
  ['dropout of a layer', keep, layer], ['channels of [32, 64, 300, 25]', keep, [[32, 64, 1, 1]]], ['stochastic depth of 12 blocks', keep, Array.from({ length: 12 }, () => [34, 1, 1])],
  ['normal numbers of [34, 64, 128]', { kind: 'normal' }, [[34, 64, 128]]],
]

console.log(`${cpus()[0]!.model}, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}`)
for (const [title, law, shapes] of asked) {
  const feeds = randomFeeds(shapes.map((shape, i) => randomInput(`mask ${i}`, shape, law)), { seed: 1 })
  const costs = Array.from({ length: 15 }, (_, step) => {
    const before = process.cpuUsage()
    feeds(step)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }).toSorted((a, b) => a - b)
  const numbers = shapes.reduce((total, shape) => total + sizeOf(shape), 0)
  console.log(`${title}: ${numbers} numbers, ${costs[0]!.toFixed(2)} ms, median ${costs[7]!.toFixed(2)} (${((costs[0]! * 1e6) / numbers).toFixed(1)} ns each)`)
}
