/**
 * What soft-DTW costs: nodes of the graph, CPU seconds until its session is there, CPU milliseconds of values and slopes (least of 9), of B tables of T x T costs on one thread. SIZES=16x64,16x300.
 *   node --input-type=module -e "await (await import('vite')).runnerImport('./bench/engine/warping.ts')"
 */
import { cpus, loadavg } from 'node:os'
import { gradients, input, ortExecutor, softDtw, sum } from '../../src/engine/index.ts'
import { topologicalOrder } from '../../src/engine/graph.ts'

console.log(`${cpus()[0]!.model}, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}, one thread`)
for (const size of (process.env['SIZES'] ?? '16x20,16x64,1x300,16x300').split(',')) {
  const [batch, frames] = size.split('x').map(Number) as [number, number]
  const distances = input('distances', [batch, frames, frames])
  const loss = sum(softDtw(distances, { gamma: 0.1 }), [0])
  const [slopes] = gradients(loss, [distances])
  const began = cpuSeconds()
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [distances], state: [], outputs: { loss, slopes: slopes! } })
  const compiled = cpuSeconds()
  const feeds = { distances: { shape: distances.shape, data: Float32Array.from({ length: batch * frames ** 2 }, (_, i) => 1 + Math.sin(i * 0.37)) } }
  const costs: number[] = []
  let found = 0
  for (let run = 0; run < 9; run++) {
    const before = cpuSeconds()
    found = (await program.run(feeds))['loss']!.data[0]!
    costs.push((cpuSeconds() - before) * 1000)
  }
  await program.close()
  console.log(`B = ${batch}, T = ${frames}: ${topologicalOrder([loss, slopes!]).length} nodes, session ${(compiled - began).toFixed(2)} s, a run ${Math.min(...costs).toFixed(1)} ms, loss ${found.toFixed(4)}`)
}

/** Of all threads of the process. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
