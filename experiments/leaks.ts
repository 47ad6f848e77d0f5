/**
 * What the leak gates find: in the real labels of Penn Action and IKEA ASM under every published protocol, in clean twins, and of planted near duplicates.
 * The distance below which two movements are the same was chosen here, on pairs of train clips and on twins; the test side is only judged.
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/leaks.ts')" PENN_ACTION IKEA_ASM
 * What it printed: experiments/leaks.txt
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../src/catalog.ts'
import type { Clip } from '../src/clip.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { writeTwin } from '../src/ingest/synthetic/index.ts'
import { listProtocols, makeSplit, withSession } from '../src/queries/index.ts'
import { leakGates } from '../src/queries/leaks.ts'
import { DUPLICATE, type NearDuplicate, nearDuplicates } from '../src/queries/near-duplicates/near-duplicates.ts'
import { type PoseTrack, poseTrack } from '../src/queries/near-duplicates/pose-track.ts'
import { readPlaces } from '../src/queries/source-clusters/source-clusters.ts'
import { SAME_PLACE, sourceLinks } from '../src/queries/source-clusters/source-links.ts'
import { mirrorOrder } from '../src/skeleton.ts'
import { readClips } from '../src/store/index.ts'
import { leakPlants } from './leak-plants.ts'

type Pair = { readonly first: string; readonly second: string }

const [penn, ikea] = process.argv.slice(1)
const folder = mkdtempSync(join(tmpdir(), 'posetta-leaks-'))
const storeDir = join(folder, 'store')
const catalog = await readCatalog()
const allowLeaks = leakGates.map(({ code }) => code)
console.log(`commit ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()}`)

for (const [name, rawDir] of [['penn-action', penn!], ['ikea-asm', ikea!]] as const) {
  const entry = entryOf(catalog, name)
  const { clips } = await ingest({ entry, rawDir, storeDir, jobs: 1 })
  console.log(`\nreal ${name}, ${clips} clips`)
  for (const protocol of listProtocols(entry)) await printGates(name, protocol.name, storeDir)
}

const entry = entryOf(catalog, 'penn-action')
const all = await readClips(storeDir, 'penn-action')
const clipOf = new Map(all.map((clip) => [clip.id, clip]))
const sideOf = (id: string): string => clipOf.get(id)!.labels.officialSplit!
const train = all.filter(({ id }) => sideOf(id) === 'train')
const tracks = tracksOf(train)
const closest = nearDuplicates(tracks, () => true, { distance: 3 * DUPLICATE.distance, radius: 0.1 }).sort((one, other) => one.distance - other.distance)
console.log(`\nreal penn-action, ${tracks.length} train clips, the closest of ${(tracks.length * (tracks.length - 1)) / 2} pairs (the gate's distance is ${DUPLICATE.distance}):`)
for (const pair of closest.slice(0, 10)) console.log(`  ${textOf(pair)}`)

const closestAcross = nearDuplicates(tracksOf(all), (first, second) => sideOf(first.clip) !== sideOf(second.clip), { distance: 3 * DUPLICATE.distance, radius: 0.1 })
console.log(`the closest that lie on two sides of the official split, ${closestAcross.length} up to ${3 * DUPLICATE.distance}:`)
for (const pair of closestAcross.sort((one, other) => one.distance - other.distance).slice(0, 5)) console.log(`  ${textOf(pair)}`)

console.log('\nclips that seem cut from one film (real penn-action): numbers of the same action that are near each other are often of one film')
await printSources()

console.log('\ncopies of every third train clip, hidden among these: how many are found, and how much of what is found is a clip and its copy')
for (const { name, change } of leakPlants) printPlant(name, train.filter((_, at) => at % 3 === 0), (clip) => change(clip, entry.skeleton))

for (const [name, clips, seed] of [['penn-action', 853, 1], ['penn-action', 853, 2], ['ikea-asm', 24, 1], ['h2o', 16, 1]] as const) {
  const [rawDir, twinStore] = [join(folder, `raw-${name}-${seed}`), join(folder, `twin-${seed}`)]
  await writeTwin(entryOf(catalog, name), rawDir, { clips, seed, frames: false })
  const result = await ingest({ entry: entryOf(catalog, name), rawDir, storeDir: twinStore, jobs: 1 })
  console.log(`\ntwin of ${name}, seed ${seed}, ${clips} recordings, ${result.clips} clips`)
  await printGates(name, 'official', twinStore)
}
rmSync(folder, { recursive: true })

async function printGates(dataset: string, name: string, store: string): Promise<void> {
  const started = performance.now()
  const place = { storeDir: store, runsDir: join(folder, 'runs') }
  try {
    const { leaks, split } = await makeSplit({ ...place, entry: entryOf(catalog, dataset), from: { protocol: name }, seed: 0, allowLeaks })
    const acknowledged = entryOf(catalog, dataset).splits[name]?.acknowledgedLeaks ?? []
    console.log(`  ${name}, ${Object.entries(split.sides).map(([side, ids]) => `${ids?.length} ${side}`).join(', ')}: ${leaks.length === 0 ? 'nothing' : ''} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
    for (const { code, count, examples } of leaks) console.log(`    ${code}${acknowledged.includes(code) ? ', acknowledged' : ''}: ${count}, such as ${examples.slice(0, 3).join('; ')}`)
  } catch (error) {
    console.log(`  ${name}: ${(error as Error).message}`)
  }
}

function tracksOf(clips: readonly Clip[]): PoseTrack[] {
  return clips.map(({ id, keypoints, frames, dims }) => poseTrack({
    clip: id, person: 0, stride: 1, frames, dims, mirrorOrder: mirrorOrder(entry.skeleton), positions: keypoints!.filter((_, at) => at % 3 < 2) })).filter((track) => track !== null)
}

function printPlant(name: string, clips: readonly Clip[], change: (clip: Clip) => Clip): void {
  const sources = clips.filter((clip) => !clip.flags.includes('no-observed-joint') && change(clip).frames >= 8)
  const copies = sources.map((clip) => ({ ...change(clip), id: `copy of ${clip.id}` }))
  const found = nearDuplicates(tracksOf([...train, ...copies]), (first, second) => first.clip.startsWith('copy') !== second.clip.startsWith('copy'))
  const right = found.filter(({ first, second }) => second.clip === `copy of ${first.clip}`).length
  console.log(`  ${name.padEnd(60)} ${right} of ${sources.length} (${((100 * right) / sources.length).toFixed(1)} %), ${found.length - right} others`)
}

/** How many of the linked clips have numbers near each other, of the train side for every distance, of all for the chosen one; and the links between the sides. */
async function printSources(): Promise<void> {
  const places = await withSession({ storeDir, runsDir: join(folder, 'runs') }, (connection) => readPlaces(connection, 'penn-action'))
  const apart = ({ first, second }: Pair): number => Math.abs(Number(first.slice(-4)) - Number(second.slice(-4)))
  const near = (pairs: readonly Pair[], most: number): number => pairs.filter((pair) => apart(pair) <= most).length
  const isOfOneAction = ({ first, second }: Pair): boolean => clipOf.get(first)!.labels.action === clipOf.get(second)!.labels.action
  const ofTrain = places.filter(({ clip }) => sideOf(clip) === 'train')
  for (const within of [0.06, 0.09, SAME_PLACE, 0.15, 0.2, Infinity]) {
    const links = sourceLinks(ofTrain, within)
    const alike = links.filter(isOfOneAction)
    console.log(`  train, up to ${within}: ${links.length} links, ${links.length - alike.length} between two actions; of the others ${near(alike, 3)} at most 3 numbers apart, ${near(alike, 10)} at most 10`)
  }
  const links = sourceLinks(places)
  const across = links.filter(({ first, second }) => sideOf(first) !== sideOf(second))
  console.log(`  all, up to ${SAME_PLACE}: ${links.length} links, ${near(links, 3)} at most 3 numbers apart, ${near(links, 10)} at most 10`)
  console.log(`  of these between the sides of the official split: ${across.length}, ${near(across, 3)} at most 3 numbers apart, ${near(across, 10)} at most 10: ${across.map(({ first, second, distance }) => `${first.slice(-4)} and ${second.slice(-4)} (${distance.toFixed(3)})`).join(', ')}`)
  const neighbours = all.slice(1).map(({ id }, at) => ({ first: all[at]!.id, second: id })).filter(isOfOneAction)
  const together = neighbours.filter(({ first, second }) => sideOf(first) === sideOf(second)).length
  console.log(`  neighbours by number of one action: ${together} of ${neighbours.length} are on the same side of the official split`)
}

function textOf({ first, second, a, b, isMirrored, distance }: NearDuplicate): string {
  return `${first.clip} ${a.join(' to ')} = ${second.clip} ${b.join(' to ')}${isMirrored ? ', mirrored' : ''}: ${distance.toFixed(3)}`
}
