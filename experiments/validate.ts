/**
 * How often is `posetta validate` right? Seeded flaws, one at a time, into every clip of a Penn Action twin and of the real labels: recall and precision of
 * every code. Limits were chosen on the twin and on the train side (seed 0); the test side was read once, by this script (seed 1). "elsewhere" = findings of
 * the code that the plant made in other frames or joints; "without" = those that are there without it: real labels have flaws of their own, whose truth nobody
 * knows. "at least" = precision, all of both counted as wrong. "also" = clips in which the plant made findings of other codes.
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/validate.ts')" STORE
 * STORE is a store with penn-action. What it printed: experiments/validate.txt
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../src/catalog.ts'
import type { Clip } from '../src/clip.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { writeTwin } from '../src/ingest/synthetic/index.ts'
import { randomAt } from '../src/random.ts'
import { readClips } from '../src/store/index.ts'
import { bodiesOf } from '../src/validate/body.ts'
import { checks } from '../src/validate/checks/index.ts'
import { findFlaws } from '../src/validate/find-flaws.ts'
import type { Finding } from '../src/validate/finding.ts'
import { validate } from '../src/validate/validate.ts'
import { type Plant, plants, type Planted, withPhases } from './validate-plants.ts'

const DRAWS = 20
const storeDir = process.argv[1] ?? 'store'
const entry = entryOf(await readCatalog(), 'penn-action')
const beside = { entry, skeleton: entry.skeleton }
const folder = mkdtempSync(join(tmpdir(), 'posetta-validate-'))

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit}`)
try {
  console.log('\nclean twins: everything that is found in them')
  for (const [name, clips] of [['penn-action', 300], ['ikea-asm', 4], ['h2o', 6]] as const) await clean(name, clips)
  measure('twin of penn-action', await readClips(join(folder, 'store'), 'penn-action'), 0)
  const real = await readClips(storeDir, 'penn-action')
  measure('real, train side', real.filter(({ labels }) => labels.officialSplit === 'train'), 0)
  measure('real, test side, read once', real.filter(({ labels }) => labels.officialSplit === 'test'), 1)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function clean(name: string, clips: number): Promise<void> {
  const [twinOf, dir] = [entryOf(await readCatalog(), name), join(folder, name)]
  await writeTwin(twinOf, dir, { clips, seed: 7, frames: false })
  await ingest({ entry: twinOf, rawDir: dir, storeDir: join(folder, 'store'), jobs: 1 })
  const { counts, findings, ...size } = await validate({ storeDir: join(folder, 'store'), datasets: [name], checks })
  console.log(`${name}: ${size.clips} clips, ${size.frames} frames`)
  for (const { code, severity, findings: count, clips } of counts) {
    const bystanders = findings.filter((finding) => finding.code === code && (finding.person ?? 0) > 0).length
    console.log(`  ${severity} ${code}: ${count} in ${clips} clips${bystanders === 0 ? '' : `, ${bystanders} of them in persons that pass by`}`)
  }
}

/** One row per plant: every clip gets it once, if 20 draws find a place that suits. */
function measure(title: string, clips: readonly Clip[], seed: number): void {
  const soils = clips.map((clip) => soilOf(clip, seed)).filter((soil) => soil !== null)
  console.log(`\n${title}: ${soils.length} clips, seed ${seed}`)
  console.log(row(['plant', 'code', 'planted', 'found', 'recall', 'elsewhere', 'without', 'at least', 'also']))
  for (const plant of plants) {
    const sums = { planted: 0, found: 0, elsewhere: 0, without: 0 }
    const also = new Map<string, number>()
    for (const soil of soils) {
      const planted = plantInto(soil, plant, seed)
      if (planted === null) continue
      const found = findFlaws(planted.clip, checks, { ...beside, pictures: planted.pictures ?? null })
      const fresh = found.filter((finding) => !soil.known.has(keyOf(finding)))
      const here = fresh.filter((finding) => isAbout(finding, planted))
      sums.planted++
      sums.found += here.some(({ code }) => code === plant.code) ? 1 : 0
      sums.elsewhere += fresh.filter((finding) => finding.code === plant.code && !here.includes(finding)).length
      sums.without += soil.before.filter(({ code }) => code === plant.code).length
      for (const code of new Set(fresh.map(({ code }) => code))) if (code !== plant.code) also.set(code, (also.get(code) ?? 0) + 1)
    }
    const { planted, found, elsewhere, without } = sums
    const others = [...also].sort(([, a], [, b]) => b - a).slice(0, 3).map(([code, count]) => `${code} ${count}`).join(', ')
    const precision = (wrong: number): string => (found === 0 ? '-' : (found / (found + wrong)).toFixed(3))
    const recall = plant.code === null ? '-' : (found / planted).toFixed(3)
    console.log(row([plant.name, plant.code ?? 'none', planted, found, recall, elsewhere, without, precision(elsewhere + without), others]))
  }
}

type Soil = { readonly clip: Clip; readonly bone: number; readonly known: ReadonlySet<string>; readonly before: readonly Finding[] }

/** A clip as it is, with phases, and what is found in it; null = there is nothing to plant into. */
function soilOf(clip: Clip, seed: number): Soil | null {
  const names = entry.phases.find(({ action }) => action === clip.labels.action)?.names
  const phased = clip.labels.phases !== null || names === undefined ? clip : withPhases(clip, names, randomAt({ seed, clip: clip.id, transform: 'phases' }))
  const [body] = bodiesOf(clip, entry.skeleton)
  const before = findFlaws(phased, checks, { ...beside, pictures: null })
  return body === undefined || !(body.bone > 0) || clip.frames < 12 ? null : { clip: phased, bone: body.bone, before, known: new Set(before.map(keyOf)) }
}

function plantInto({ clip, bone }: Soil, plant: Plant, seed: number): Planted | null {
  for (let draw = 0; draw < DRAWS; draw++) {
    const planted = plant.plant({ clip, bone, skeleton: entry.skeleton, random: randomAt({ seed, clip: clip.id, transform: plant.name, position: draw }) })
    if (planted !== null) return planted
  }
  return null
}

function keyOf({ code, start, end, joints }: Finding): string {
  return `${code} ${start} ${end} ${joints.join()}`
}

/** In the frames of the plant or beside them, and in one of its joints. */
function isAbout({ start, end, joints }: Finding, planted: Planted): boolean {
  const names = planted.joints.map((joint) => entry.skeleton.joints[joint]!)
  const isHis = names.length === 0 || joints.length === 0 || joints.some((joint) => names.includes(joint))
  return isHis && (start === null || (start <= planted.end && end! >= planted.start))
}

function row(cells: readonly (string | number)[]): string {
  const widths = [50, 21, 8, 6, 7, 10, 8, 9, 0]
  return cells.map((cell, at) => (at < 2 || at === 8 ? String(cell).padEnd(widths[at]!) : String(cell).padStart(widths[at]!))).join(' ').trimEnd()
}
