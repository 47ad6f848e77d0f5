/**
 * Does SQL over a store a hundred times Penn Action stay quick? STORE names one that is there; else the 853 label files and phases of a twin, copied 273 times (SCALE), are ingested.
 * 1. Whole processes: start-up (`select 1`), and the README's exploration queries as the first of a process, in which every file read is hashed.
 * 2. One session: the same queries again, and a scan of all joints beside a DuckDB of its own over the same files, interleaved; medians and range; peak memory.
 * After `npm run build`: RUNS=5 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/sql.ts')"
 */
import { DuckDBInstance } from '@duckdb/node-api'
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../src/catalog.ts'
import { writeTwin } from '../src/ingest/synthetic/write-twin.ts'
import { streamRows, withSession } from '../src/queries/index.ts'
import { readManifest, tableFiles } from '../src/store/index.ts'

const [runs, scale, clips] = [Number(process.env['RUNS'] ?? 5), Number(process.env['SCALE'] ?? 273), 853]
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'posetta-sql-bench-'))
const explorations: Readonly<Record<string, string>> = {
  'start-up': 'select 1',
  'clips per action': 'select action, count(*) clips, sum(n_frames) frames from clips group by action order by action',
  'phases': 'select label, count(*) phases, avg("end" - start) frames from phases group by label order by label',
  'one joint, view': "select avg(x), avg(y) from joints where joint = 'left_wrist'",
  'one joint, macro': "select avg(x), avg(y) from joint('left_wrist')",
  'two joints': "select joint, state, count(*) n from joints where joint in ('left_wrist', 'right_wrist') group by all order by all",
}

try {
  const storeDir = process.env['STORE'] ?? await makeStore()
  const manifest = await readManifest(storeDir, 'penn-action')
  const layout = manifest.schema.layouts.find(({ joints }) => joints.length > 0)!
  const frames = tableFiles(storeDir, manifest, 'frames', layout.name)
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit}, load ${loadavg()[0]!.toFixed(1)}, ${runs} runs`)
  console.log(`${manifest.counts.clips} clips, ${manifest.counts.frames} frames, ${manifest.shards.length} shards, ${(manifest.counts.bytes / 1e6).toFixed(0)} MB`)
  for (const [name, sql] of Object.entries(explorations)) {
    const measured = Array.from({ length: runs + 1 }, () => wholeProcess(storeDir, sql)).slice(1)
    console.log(`process ${name.padEnd(17)} ${spread(measured.map(({ seconds }) => seconds))} s, peak ${spread(measured.map(({ megabytes }) => megabytes))} MB`)
  }
  await inOneSession(storeDir, frames, layout.joints)
} finally {
  rmSync(folder, { recursive: true })
}

async function inOneSession(storeDir: string, frames: readonly string[], joints: readonly string[]): Promise<void> {
  const direct = `read_parquet([${frames.map((file) => `'${file}'`).join(', ')}], hive_partitioning = false)`
  const long = joints.map((joint) => `SELECT '${joint}' AS joint, CASE WHEN "${joint}_state" = 2 THEN NULL ELSE "${joint}_x" END AS x FROM ${direct} WHERE "${joint}_state" IS NOT NULL`).join(' UNION ALL ')
  const ours: Readonly<Record<string, string>> = { ...explorations, 'all joints': 'select joint, avg(x) from joints group by joint order by joint' }
  const rivals: Readonly<Record<string, string>> = { 'all joints': `select joint, avg(x) from (${long}) group by joint order by joint`, 'all columns': `select ${joints.map((joint) => `avg("${joint}_x")`).join(', ')} from ${direct}` }
  const times = new Map<string, number[]>()
  const timed = async (name: string, run: number, work: () => Promise<unknown>): Promise<void> => {
    const began = performance.now()
    await work()
    if (run > 0) times.set(name, [...(times.get(name) ?? []), (performance.now() - began) / 1000])
  }
  const instance = await DuckDBInstance.create(':memory:')
  const plain = await instance.connect()
  await plain.run('SET parquet_metadata_cache = true')
  await withSession({ storeDir, runsDir: join(folder, 'runs') }, async (connection) => {
    for (let run = 0; run <= runs; run++) {
      for (const [name, sql] of Object.entries(ours)) await timed(`session ${name}`, run, () => streamRows(connection, sql, {}, async ({ batches }) => { for await (const batch of batches) void batch }))
      for (const [name, sql] of Object.entries(rivals)) await timed(`DuckDB  ${name}`, run, () => plain.runAndReadAll(sql))
    }
  })
  instance.closeSync()
  for (const [name, values] of times) console.log(`${name.padEnd(27)} ${spread(values)} s`)
  console.log(`peak of both ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`)
}

/** A store of a twin's label files and phases, `scale` times under other numbers. */
async function makeStore(): Promise<string> {
  const [twin, raw] = [join(folder, 'twin'), join(folder, 'raw')]
  await writeTwin(entryOf(await readCatalog(), 'penn-action'), twin, { clips, seed: 1, frames: false })
  const labels = readdirSync(join(twin, 'labels')).sort()
  const phases = new Map(readdirSync(join(twin, 'penn_action_labels'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.npy')).map((path) => [path.split('/').at(-1)!.replace('.npy', ''), path]))
  mkdirSync(join(raw, 'labels'), { recursive: true })
  for (let copy = 0, number = 1; copy < scale; copy++) {
    for (const label of labels) {
      const [id, path] = [String(number++).padStart(4, '0'), phases.get(label.replace('.mat', ''))]
      copyFileSync(join(twin, 'labels', label), join(raw, 'labels', `${id}.mat`))
      if (path === undefined) continue
      const target = join(raw, 'penn_action_labels', path, '..')
      if (!existsSync(target)) mkdirSync(target, { recursive: true })
      copyFileSync(join(twin, 'penn_action_labels', path), join(target, `${id}.npy`))
    }
  }
  const { status, stderr } = spawnSync(process.execPath, ['bin/run.js', 'ingest', 'penn-action', raw, '--store', join(folder, 'store'), '--json'], { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status !== 0 && status !== 1) throw new Error(`ingest: ${stderr}`)
  rmSync(raw, { recursive: true })
  return join(folder, 'store')
}

/** GNU time's elapsed seconds and peak resident size. */
function wholeProcess(storeDir: string, sql: string): { seconds: number; megabytes: number } {
  const { stderr, status } = spawnSync('/usr/bin/time', ['-f', '\n%e %M', process.execPath, 'bin/run.js', 'sql', sql, '--store', storeDir, '--runs', join(folder, 'runs'), '--format', 'csv'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const [seconds, kilobytes] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
  return { seconds: seconds!, megabytes: kilobytes! / 1024 }
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  return `${sorted[sorted.length >> 1]!.toFixed(2)} (${sorted[0]!.toFixed(2)}-${sorted.at(-1)!.toFixed(2)})`
}
