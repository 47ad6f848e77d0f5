/**
 * How often anomalies are found that were planted in twins, and in clean ones: each phase taken out, twelve frames of another action spliced into the middle. What it printed: experiments/anomalies.txt
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/anomalies.ts')"
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../src/catalog.ts'
import type { Clip } from '../src/clip.ts'
import { findAnomalies, referenceSet } from '../src/eval/alignment/find-anomalies.ts'
import { coordinatesVelocity } from '../src/eval/baselines/coordinates-velocity.ts'
import { phasesOf } from '../src/eval/phases.ts'
import { bare, boxed } from '../src/eval/views.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { listTwinVideos, writePennVideo } from '../src/ingest/synthetic/penn-action/penn-twin.ts'
import { readClips } from '../src/store/index.ts'
import { selectFrames } from '../src/transforms/index.ts'

const [REFERENCES, TESTED, INSERTED] = [40, 20, 12]
const ACTIONS = ['squat', 'jumping_jacks', 'pullup', 'pushup', 'situp']

const entry = entryOf(await readCatalog(), 'penn-action')
const folder = mkdtempSync(join(tmpdir(), 'posetta-anomalies-'))
const videos = ACTIONS.flatMap((action) => listTwinVideos(entry).filter((video) => video.action === action).slice(0, REFERENCES + TESTED))
for (const video of videos) writePennVideo(entry, join(folder, 'raw'), video, { seed: 1, frames: false })
await ingest({ entry, rawDir: join(folder, 'raw'), storeDir: join(folder, 'store'), jobs: 1 })
const clips = await readClips(join(folder, 'store'), 'penn-action')
rmSync(folder, { recursive: true })

console.log(`twins of Penn Action, seed 1; ${REFERENCES} references, ${TESTED} others of each action; baseline/coordinates-velocity, level .05, nearest 3`)
console.log('of these others: those with frames out of the ordinary, those with a step missing, those found (with the step, or the place, that was planted)\n')
for (const action of ACTIONS) {
  const own = clips.filter(({ labels }) => labels.action === action)
  const others = clips.filter(({ labels }) => labels.action === (action === 'pushup' ? 'squat' : 'pushup'))
  const set = referenceSet(await Promise.all(own.slice(0, REFERENCES).map(async (clip) => ({ embedding: await embedded(clip), steps: phasesOf(clip)!.phases }))))
  const tested = own.slice(REFERENCES)
  const anomaliesOf = (made: readonly Clip[]) => Promise.all(made.map(async (clip) => findAnomalies({ embedding: await embedded(clip) }, set, { level: 0.05, nearest: 3 })))
  const told = (name: string, found: Awaited<ReturnType<typeof anomaliesOf>>, isFound: (at: number) => boolean) => {
    const missing = found.filter(({ steps }) => steps!.steps.some(({ state }) => state === 'missing')).length
    console.log(`${action} ${name}: frames ${found.filter(({ segments }) => segments.length > 0).length}, steps ${missing}, found ${found.filter((_, at) => isFound(at)).length} of ${found.length}`)
  }
  told('clean', await anomaliesOf(tested), () => false)
  for (const phase of new Set(phasesOf(tested[0]!)!.phases)) {
    const found = await anomaliesOf(tested.map((clip) => without(clip, phase)))
    told(`without phase ${phase}`, found, (at) => found[at]!.steps!.steps[phase]!.state === 'missing')
  }
  const found = await anomaliesOf(tested.map((clip, at) => spliced(clip, others[at]!)))
  told('spliced', found, (at) => found[at]!.segments.some(({ start, end }) => start < (tested[at]!.frames >> 1) + INSERTED && end > tested[at]!.frames >> 1))
}

async function embedded(clip: Clip) {
  return (await coordinatesVelocity.embed([bare(clip).clip]))[0]!
}

function without(clip: Clip, phase: number): Clip {
  const { phases } = phasesOf(clip)!
  return selectFrames(clip, Array.from(phases.keys()).filter((t) => phases[t] !== phase))
}

/** With the first frames of another clip in the middle, in a box of the same size. */
function spliced(clip: Clip, other: Clip): Clip {
  const [own, foreign, at] = [boxed(clip), boxed(other), clip.frames >> 1]
  const made = selectFrames(own, [...Array(at).keys(), ...Array<number>(INSERTED).fill(at), ...Array.from({ length: clip.frames - at }, (_, t) => at + t)])
  const width = own.joints * 3
  const keypoints = made.keypoints!.slice()
  keypoints.set(foreign.keypoints!.slice(0, INSERTED * width).map((value, i) => (i % 3 === 2 ? value : (value * own.width) / foreign.width)), at * width)
  return { ...made, keypoints }
}
