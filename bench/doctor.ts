/**
 * `posetta doctor`, whole processes from start to end, on a store: under 1 s also at a hundred times Penn Action (232,600 clips in 3,072 files). Medians and range.
 * After `npm run build`: STORE=DIR RUNS=7 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/doctor.ts')"
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { listDatasets, readManifest } from '../src/store/index.ts'

const runs = Number(process.env['RUNS'] ?? 7)
const storeDir = process.env['STORE'] ?? 'store'
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit}, load ${loadavg()[0]!.toFixed(1)}, ${runs} runs`)
for (const dataset of await listDatasets(storeDir)) {
  const { counts, shards } = await readManifest(storeDir, dataset)
  console.log(`${dataset}: ${counts.clips} clips, ${shards.reduce((sum, { files }) => sum + files.length, 0)} files, ${(counts.bytes / 1e6).toFixed(0)} MB`)
}
const seconds = Array.from({ length: runs + 1 }, () => {
  const began = performance.now()
  const { status, stdout } = spawnSync(process.execPath, ['bin/run.js', 'doctor', '--store', storeDir, '--json'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stdout)
  return (performance.now() - began) / 1000
}).slice(1).toSorted((a, b) => a - b)
console.log(`doctor ${seconds[runs >> 1]!.toFixed(2)} (${seconds[0]!.toFixed(2)}-${seconds.at(-1)!.toFixed(2)}) s`)
