/**
 * What it costs to hash every file at its first use: reads of a store of Penn Action, each as the first of a process (all that it reads is hashed) and again
 * (sizes and times are looked at). One process, interleaved, all files in the page cache; medians and range. Touching a file makes the process hash it anew.
 * STORE=DIR RUNS=7 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/trusted-read.ts')"; without STORE the twin's 853 clips.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../src/catalog.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { writeTwin } from '../src/ingest/synthetic/write-twin.ts'
import { runQuery } from '../src/queries/index.ts'
import { datasetFolder, readClips, readManifest, trustFiles } from '../src/store/index.ts'

/** ms */
type Cost = { readonly wall: number; readonly cpu: number }

const runs = Number(process.env['RUNS'] ?? 7)
const folder = mkdtempSync(join(tmpdir(), 'posetta-bench-'))
const storeDir = process.env['STORE'] ?? await twin()
const place = { storeDir, runsDir: join(folder, 'runs') }
const { shards, counts } = await readManifest(storeDir, 'penn-action')
const shardsFolder = join(datasetFolder(storeDir, 'penn-action'), 'shards')
const paths = shards.flatMap(({ files }) => files.map(({ file }) => join(shardsFolder, file)))

const reads: Readonly<Record<string, () => Promise<unknown>>> = {
  'hashing alone': () => trustFiles(datasetFolder(storeDir, 'penn-action'), shards, () => true),
  'SQL: clips by action': () => runQuery(place, 'select action, count(*) clips, sum(n_frames) frames from clips group by action order by action'),
  'SQL: one joint': () => runQuery(place, "select avg(x), avg(y) from joints where joint = 'left_wrist'"),
  'SQL: all joints': () => runQuery(place, 'select joint, avg(x), avg(y), avg(confidence) from joints group by joint order by joint'),
  ...(counts.clips > 25_000 ? {} : { 'readClips': () => readClips(storeDir, 'penn-action') }),
}

try {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit}, load ${loadavg()[0]!.toFixed(1)}, ${runs} runs`)
  console.log(`${counts.clips} clips, ${counts.frames} frames, ${paths.length} files, ${(counts.bytes / 1e6).toFixed(1)} MB`)
  for (const [name, read] of Object.entries(reads)) {
    const [first, again]: [Cost[], Cost[]] = [[], []]
    for (let run = 0; run <= runs; run++) {
      for (const path of paths) utimesSync(path, new Date(), statSync(path).mtime)
      const [one, other] = [await timed(read), await timed(read)]
      if (run === 0) continue
      first.push(one)
      again.push(other)
    }
    const added = (['wall', 'cpu'] as const).map((kind) => `${kind} ${(median(first, kind) - median(again, kind)).toFixed(0)}`)
    console.log(`${name.padEnd(22)} first ${spread(first)}, again ${spread(again)}, hashing adds ${added.join(', ')} ms`)
  }
} finally {
  rmSync(folder, { recursive: true })
}

async function twin(): Promise<string> {
  const entry = entryOf(await readCatalog(), 'penn-action')
  await writeTwin(entry, join(folder, 'raw'), { clips: 853, seed: 1, frames: false })
  await ingest({ entry, rawDir: join(folder, 'raw'), storeDir: join(folder, 'store'), jobs: 1 })
  return join(folder, 'store')
}

async function timed(work: () => Promise<unknown>): Promise<Cost> {
  const [began, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  return { wall: performance.now() - began, cpu: (user + system) / 1000 }
}

function median(costs: readonly Cost[], kind: keyof Cost): number {
  return costs.map((cost) => cost[kind]).toSorted((a, b) => a - b)[costs.length >> 1]!
}

function spread(costs: readonly Cost[]): string {
  const walls = costs.map(({ wall }) => wall)
  return `wall ${median(costs, 'wall').toFixed(0)} (${Math.min(...walls).toFixed(0)}-${Math.max(...walls).toFixed(0)}), cpu ${median(costs, 'cpu').toFixed(0)} ms`
}
