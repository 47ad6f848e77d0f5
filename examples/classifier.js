// A classifier of one's own on a table of one's own: node examples/classifier.js TABLE.parquet (or .csv)
// TABLE has a row for each sample: `label`, `side` ('train' or 'eval'), and a number in every other column.
import { DuckDBInstance } from '@duckdb/node-api'
import { argMax, crossEntropy, dropout, fit, forward, gelu, initialise, linear, linearSpec, norm, normSpec, ortExecutor, tableBatches } from 'posetta/model'

const database = await (await DuckDBInstance.create()).connect()
const rowsOf = async (side) => (await database.runAndReadAll(`SELECT * EXCLUDE side FROM '${process.argv[2]}' WHERE side = '${side}'`)).getRowObjectsJS()
const [train, evaluated] = [await rowsOf('train'), await rowsOf('eval')]
const labels = [...new Set(train.map(({ label }) => label))].sort()
const features = Object.keys(train[0]).filter((name) => name !== 'label')
const columns = (rows) => ({
  x: { shape: [rows.length, features.length], data: Float32Array.from(rows.flatMap((row) => features.map((name) => Number(row[name])))) },
  y: { shape: [rows.length], data: Float32Array.from(rows, ({ label }) => labels.indexOf(label)) },
})

// the model: its parameters, and what it makes of [B, features]: a score for each label, [B, labels]
const parameters = [
  ...normSpec('in', features.length), ...linearSpec('hidden', features.length, 64, { init: 'fan-in' }), ...linearSpec('out', 64, labels.length, { init: 'fan-in' }),
]
const hidden = (x, params) => gelu(linear(norm(x, params, 'in'), params, 'hidden'))

const [executor, batch] = [ortExecutor({ device: 'cpu' }), 16]
const params = await fit({
  executor, parameters, start: initialise(parameters, 0), inputs: { x: [batch, features.length], y: [batch] },
  loss: ({ x, y }, params) => crossEntropy(linear(dropout(hidden(x, params), { name: 'hidden', rate: 0.1 }), params, 'out'), y),
  optimiser: { kind: 'adamw', weightDecay: 1e-2 }, rate: 3e-3,
  batches: tableBatches(columns(train), { rows: batch, epochs: 30, seed: 0 }),
  onStep: ({ step, loss }) => { if (step % 50 === 0) console.log(`step ${step}, loss ${loss.toFixed(3)}`) },
})

const { x, y } = columns(evaluated)
const program = await forward({ executor, params, inputs: { x: x.shape }, outputs: ({ x }, params) => ({ label: argMax(linear(hidden(x, params), params, 'out'), -1) }) })
const { label } = await program.run({ x })
const right = y.data.filter((wanted, row) => wanted === label.data[row]).length
console.log(`${right} of ${evaluated.length} right (${(100 * right / evaluated.length).toFixed(1)} %)`)
await program.close()
