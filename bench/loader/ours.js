// Posetta in a race, over the built package: node ours.js FOLDER JSON. Speaks as bench/peers/loader_peers.py does: `hash` answers the fingerprint of all batches, `pass N` the seconds of N times as many.
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { createLoader, localMaker, openTrainingShards, planOf, poolMaker, recipeOf } from '../../dist/loader/index.js'
import { sourceOf } from '../../dist/loader/shards/index.js'

const [folder, { spec, batchSize, epochs, workers }] = [process.argv[2], JSON.parse(process.argv[3])]
const { opened, close } = await openTrainingShards({ storeDir: folder, dataset: 'penn-action', memoryBytes: 2 ** 30 })
const source = sourceOf(opened)
const [recipe, plan] = [recipeOf(spec), planOf({ seed: spec.seed }, source.clips)]
const maker = () => (workers === 0 ? localMaker({ source, recipe }) : poolMaker({ source: { kind: 'shards', opened }, recipe: spec, workers, samples: batchSize }))
/** Epochs beyond the first ones are in orders of their own. */
const loader = (times) => createLoader({ plan, split: source.hash, root: source.hash, batchSize, epochs: epochs * times, maker })

async function fingerprint() {
  const whole = createHash('sha256')
  let [sum, samples] = [0n, 0]
  for await (const { ids, tensors: { points: { data } } } of loader(1)) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    whole.update(bytes)
    const each = bytes.length / ids.length
    for (let at = 0; at < bytes.length; at += each) sum += BigInt(createHash('sha256').update(bytes.subarray(at, at + each)).digest().readUIntBE(0, 6))
    samples += ids.length
  }
  return { hash: whole.digest('hex'), sum: String(sum), samples }
}

/** Making the loader and its threads counts. */
async function pass(times) {
  const began = performance.now()
  let samples = 0
  for await (const { ids } of loader(times)) samples += ids.length
  return { seconds: (performance.now() - began) / 1000, samples }
}

const say = (answer) => console.log(JSON.stringify(answer))
say({ version: `Node ${process.version}`, settings: workers === 0 ? 'this thread' : `${workers} threads`, ordered: true })
for await (const line of createInterface({ input: process.stdin })) say(line === 'hash' ? await fingerprint() : await pass(Number(line.split(' ')[1])))
source.close()
await close()
