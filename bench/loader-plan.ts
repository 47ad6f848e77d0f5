/**
 * What planning costs at 1,000,000 clips: making the plan, its first sample (with the order of the epoch), and each sample after it; one thread. Prints nothing but REFUSED
 * when the order of a million clips is not the one of docs/loader-order.md.
 * node --input-type=module -e "await (await import('vite')).runnerImport('./bench/loader-plan.ts')"
 */
import { cpus, loadavg } from 'node:os'
import { sha256 } from '../src/hash.ts'
import type { ClipTable, LabelColumn, LabelName } from '../src/loader/clip-source.ts'
import { permutation } from '../src/loader/permutation.ts'
import { planOf, type PlanSpec } from '../src/loader/plan/index.ts'
import { randomAt } from '../src/random.ts'

const count = 1_000_000
const reference = 'f5e5955f1d249c416adbc874f9d72939620ff3be0b995ae3fc649a030e4e8f35'
const random = randomAt({ seed: 1 })
const column = (labels: number, power: number): LabelColumn => ({
  names: Array.from({ length: labels }, (_, i) => `label-${String(i).padStart(6, '0')}`), codes: Int32Array.from({ length: count }, () => Math.floor(labels * random.uniform() ** power)),
})
// 60 actions with a long tail, 100,000 recordings, three data sets
const columns: Partial<Record<LabelName, LabelColumn>> = { action: column(60, 3), group: column(100_000, 1), dataset: column(3, 2) }
const table: ClipTable = { count, id: (row) => `clip/${row}`, frames: Int32Array.from({ length: count }, () => 10 + random.integer(300)), label: (name) => columns[name]! }
const [one, two, three] = columns.dataset!.names

const specs: Readonly<Record<string, Omit<PlanSpec, 'seed'>>> = {
  plain: {},
  filter: { filter: { dataset: [one!] } },
  'mixture 7 : 3': { mixture: [{ where: { dataset: [one!] }, weight: 0.7 }, { where: { dataset: [two!, three!] }, weight: 0.3 }] },
  'mixture 1 : pi': { mixture: [{ where: { dataset: [one!] }, weight: 1 }, { where: {}, weight: Math.PI }] },
  'balance, power 0': { balance: { by: 'action', power: 0 } },
  'balance, power 1/2': { balance: { by: 'action', power: 0.5 } },
  'repeat factors': { balance: { by: 'action', repeat: 0.01 } },
  windows: { windows: { frames: 32, stride: 16, rest: 'pad' } },
  pairs: { pairs: { same: 'action', differs: 'group' } },
  buckets: { buckets: { batch: 32, batches: 100 } },
}

const timed = (work: () => void): number => {
  const start = performance.now()
  work()
  return performance.now() - start
}
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

const orders = Array.from({ length: 9 }, () => {
  let hash = ''
  const ms = timed(() => { hash = sha256(new Uint8Array(permutation(count, { seed: 2026, epoch: 3 }).buffer)) })
  return { ms: ms - timed(() => sha256(new Uint8Array(4 * count))), hash }
})
if (orders.some(({ hash }) => hash !== reference)) console.log('REFUSED: the order of a million clips is another')
else {
  console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, load ${loadavg()[0]!.toFixed(1)}`)
  console.log(`order of ${count} clips: ${median(orders.map(({ ms }) => ms)).toFixed(0)} ms (median of 9, ${Math.min(...orders.map(({ ms }) => ms)).toFixed(0)} at best)`)
  for (const [name, spec] of Object.entries(specs)) {
    let plan = planOf({ seed: 1 }, table)
    const made = timed(() => { plan = planOf({ seed: 1, ...spec }, table) })
    const first = timed(() => plan.sampleAt(count / 2))
    const each = timed(() => { for (let g = 0; g < 200_000; g++) plan.sampleAt(count / 2 + g) }) / 200
    console.log(`${name.padEnd(20)} plan ${made.toFixed(0).padStart(4)} ms, first sample ${first.toFixed(1).padStart(6)} ms, then ${each.toFixed(2)} us each of ${plan.samples}`)
  }
}
