// A process of the built package over training shards, as a trainer would be: node child.js FOLDER JSON. Prints JSON of the batches from `state` on, and what they took.
import { createHash } from 'node:crypto'
import { createLoader, localMaker, recipeOf } from '../../dist/loader/index.js'
import { planOf } from '../../dist/loader/plan/index.js'
import { readEntry } from '../../dist/loader/shards/entry.js'
import { openEntry } from '../../dist/loader/shards/opened.js'
import { sourceOf } from '../../dist/loader/shards/index.js'

const [folder, { spec, batchSize, epochs, memoryBytes, next, batches }] = [process.argv[2], JSON.parse(process.argv[3])]
const began = performance.now()
const source = sourceOf(openEntry(folder, await readEntry(folder), memoryBytes))
const samples = source.clips.count
const root = source.hash.slice(0, 32)
const loader = createLoader({
  plan: planOf({ seed: spec.seed }, source.clips), split: root, root, batchSize, epochs, maker: () => localMaker({ source, recipe: recipeOf(spec) }),
  ...(next === 0 ? {} : { state: { format: 1, split: root, root, seed: spec.seed, epoch: Math.floor(next / samples), next } }),
})
const [whole, last] = [createHash('sha256'), { hash: '', ids: [] }]
let [made, firstMs] = [0, 0]
for await (const { ids, tensors: { points: { data } } } of loader) {
  if (made++ === 0) firstMs = performance.now() - began
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  whole.update(bytes)
  if (made === batches) {
    Object.assign(last, { hash: createHash('sha256').update(bytes).digest('hex'), ids })
    break
  }
}
console.log(JSON.stringify({ firstMs, made, hash: whole.digest('hex'), last, peakMb: process.resourceUsage().maxRSS / 1024 }))
