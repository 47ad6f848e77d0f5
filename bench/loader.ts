/**
 * The loader beside its rivals, interleaved pass by pass in one run; medians and range of clips/s. Every figure is of batches whose hash is that of the reference, numpy's, before and
 * after it was taken: else the run says REFUSED in its place. Batches of 8 random windows of 32 frames, 13 joints, float32, from Penn Action's 2,326 clips (a synthetic twin of their size
 * without them), four epochs; every rival gets the same clips and windows from files, and, when augmenting, the maps that were drawn, so that it draws nothing.
 * resume: a process that goes on in the middle of the fourth epoch of CLIPS clips, its batch compared with that of the uninterrupted run and its ids with the order, and rivals that do the same in their own
 * order (bench/peers/resume_peers.py; RESUME_RIVALS); memory: peak of a
 * process over training shards of so many times Penn Action (SCALES), 32 MiB of them in memory.
 * Rivals: bench/peers/setup.sh DIR, then after `npm run build`
 * PYTHON=DIR/bin/python ROUNDS=7 SECONDS=1 ROWS="keypoints,augmented,resume,memory" RIVALS="numpy,numpy-best,pickle 0,..." RESUME_RIVALS="torch,..." WORKERS=2 CLIPS=1000000 SCALES=1,10,100 \
 *   node --input-type=module -e "await (await import('vite')).runnerImport('./bench/loader.ts')"
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { planOf, type RecipeSpec, sourceOfClips } from '../src/loader/index.ts'
import { type Contender, type Fingerprint, startContender } from './loader/contender.ts'
import { peaks } from './loader/memory.ts'
import { race, type Result } from './loader/race.ts'
import { type ResumeTimes, resumeTimes, rivalResumes } from './loader/resume.ts'
import { batchSize, epochs, type Kind, pennClips, seed, specOf, writeWork } from './loader/work.ts'

const [python, rounds, seconds] = [process.env['PYTHON'] ?? 'python3', Number(process.env['ROUNDS'] ?? 7), Number(process.env['SECONDS'] ?? 1)]
const workers = Number(process.env['WORKERS'] ?? 2)
const rows = (process.env['ROWS'] ?? 'keypoints,augmented,resume,memory').split(',')
const loaders = ['pickle 0', 'pickle 2', 'hdf5 0', 'hdf5 2', 'webdataset 0', 'webdataset 2', 'mosaicml 0', 'mosaicml 2', 'mosaicml-own 2', 'huggingface 0', 'huggingface 2', 'litdata 0', 'litdata 2']
const rivals = (process.env['RIVALS'] ?? ['numpy', 'numpy-best', ...loaders].join(',')).split(',')
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'posetta-loader-bench-'))

try {
  const { clips, skeleton, what } = await pennClips(join(folder, 'store'))
  console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit()}, load ${loadavg()[0]!.toFixed(1)}, ${rounds} rounds of ${seconds} s, ${clips.length} clips of ${what}`)
  const source = sourceOfClips(clips)
  writeWork(folder, { source, plan: planOf({ seed }, source.clips), skeleton })
  for (const kind of (['keypoints', 'augmented'] as const).filter((kind) => rows.includes(kind))) {
    printed(kind, await raced(kind, specOf(kind, skeleton)))
  }
  if (rows.includes('resume')) {
    const count = Number(process.env['CLIPS'] ?? 1_000_000)
    const resumed = ({ whole, inside }: ResumeTimes): string => `process ${spread(whole)} s, first batch after ${spread(inside)} ms in it`
    console.log(`resume     posetta: ${resumed(await resumeTimes({ folder, count, rounds, skeleton }))}`)
    const asked = (process.env['RESUME_RIVALS'] ?? 'torch,torch-indices,mosaicml,huggingface').split(',').filter((rival) => rival !== '')
    // a resume of theirs may take a minute
    for (const { rival, times, refused } of await rivalResumes({ folder, count, rounds: Math.min(rounds, 3), python, rivals: asked })) console.log(`resume     ${rival}: ${times === null ? refused : resumed(times)}`)
  }
  if (rows.includes('memory')) {
    for (const { scale, megabytes } of await peaks({ folder, scales: (process.env['SCALES'] ?? '1,10,100').split(',').map(Number), rounds: Math.min(rounds, 3), skeleton })) {
      console.log(`memory     posetta, ${scale} x Penn Action: peak ${spread(megabytes)} MB`)
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}

/** Ours and the rivals that can be started; of a rival that cannot be, its last word. */
async function raced(kind: Kind, spec: RecipeSpec): Promise<Result[]> {
  const peer = (name: string, threads = '0'): Promise<Contender> => startContender(name, python, ['bench/peers/loader_peers.py', folder, kind, name, threads])
  const own = (threads: number): Promise<Contender> =>
    startContender('posetta', process.execPath, ['bench/loader/ours.js', join(folder, 'store'), JSON.stringify({ spec, batchSize, epochs, workers: threads })])
  const referenceOf = async (name: string): Promise<Fingerprint> => {
    const reference = await peer(name)
    return reference.fingerprint().finally(() => reference.close())
  }
  const numpy = await referenceOf('numpy')
  // steps that are each rounded to float32 have bits of their own, which rivals need not follow
  const references = kind === 'augmented' ? [numpy, await referenceOf('steps')] : [numpy]
  const entries = [...new Set([0, workers])].map((threads) => ({ start: () => own(threads), references }))
    .concat(rivals.map((rival) => ({ start: () => peer(...rival.split(' ') as [string, string]), references: [numpy] })))
  const started: { contender: Contender; references: readonly Fingerprint[] }[] = []
  for (const { start, references } of entries) {
    await start().then((contender) => started.push({ contender, references }), (error: Error) => console.log(`${kind.padEnd(10)} ${error.message}`))
  }
  try {
    return await race(started, { rounds, seconds })
  } finally {
    for (const { contender } of started) await contender.close()
  }
}

function printed(row: string, results: readonly Result[]): void {
  const base = Math.max(...results.filter(({ title }) => title.startsWith('posetta')).map(({ perSecond }) => median(perSecond ?? [NaN])))
  for (const { title, perSecond } of results) {
    const figure = perSecond === null ? 'REFUSED: the hash of what it produced is not the reference\'s' : `${spread(perSecond)} clips/s, posetta / this = ${(base / median(perSecond)).toFixed(2)}`
    console.log(`${row.padEnd(10)} ${title.padEnd(84)} ${figure}`)
  }
}

function spread(values: readonly number[]): string {
  return `${rounded(median(values))} (${rounded(Math.min(...values))}-${rounded(Math.max(...values))})`
}

function rounded(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en')
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
}
