/**
 * Where the limits of `posetta validate` come from: what the train side of the real Penn Action labels has on each side of them, and what was tried and not
 * shipped: a dropped frame seen in the movement alone. What it printed: experiments/validate-limits.txt
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/validate-limits.ts')" STORE
 * STORE is a store with penn-action.
 */
import { execFileSync } from 'node:child_process'
import { entryOf, readCatalog } from '../src/catalog.ts'
import { ABSENT, OBSERVED } from '../src/clip.ts'
import { randomAt } from '../src/random.ts'
import { readClips } from '../src/store/index.ts'
import { bodiesOf, type Body, distance, stepOf } from '../src/validate/body.ts'
import { repeatsOf } from '../src/validate/checks/duplicate-frames.ts'
import { median } from '../src/validate/median.ts'
import { runsWhere } from '../src/validate/runs.ts'

const { skeleton } = entryOf(await readCatalog(), 'penn-action')
const clips = (await readClips(process.argv[1] ?? 'store', 'penn-action')).filter(({ labels }) => labels.officialSplit === 'train')
const bodies = clips.flatMap((clip) => bodiesOf(clip, skeleton)).filter(({ bone }) => bone > 0)
const joints = skeleton.joints.map((_, joint) => joint)
const pairs = skeleton.pairs
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const located = (values: readonly number[]): number[] => values.filter(Number.isFinite)
const framesOf = ({ frames }: Body): number[] => Array.from({ length: frames }, (_, frame) => frame)
const counts = (values: readonly number[], limits: readonly number[]): string =>
  limits.map((limit) => `> ${limit}: ${values.filter((value) => value > limit).length}`).join('   ')
const quantiles = (values: readonly number[], shares: readonly number[]): string => {
  const sorted = located(values).sort((a, b) => a - b)
  return shares.map((share) => `${+(share * 100).toFixed(3)} %: ${sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(3)}`).join('   ')
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const frameCount = bodies.reduce((sum, { frames }) => sum + frames, 0)
console.log(`commit ${commit}; train side of penn-action: ${bodies.length} clips, ${frameCount} frames; lengths in bone lengths`)

const excesses = bodies.flatMap((body) => joints.flatMap((joint) => framesOf(body).slice(1, -1).map((frame) => {
  const at = joint * body.frames + frame
  return (Math.min(distance(body, at - 1, at), distance(body, at, at + 1)) - distance(body, at - 1, at + 1)) / body.bone
})))
console.log(`\njoint-teleport, there and back less the way on: ${quantiles(excesses, [0.5, 0.999, 0.9999, 0.99999])}`)
console.log(`  ${counts(excesses, [0.3, 0.45, 0.6, 0.8, 1])}`)

const single = bodies.flatMap((body) => repeatsOf(body).filter(({ start, end }) => end === start + 1 && start > 1 && end < body.frames)
  .map(({ start, end }) => Math.min(...[start - 1, end].map((frame) => mean(located(joints.map((joint) => stepOf(body, joint, frame))))))))
console.log(`\nduplicate-frames: ${single.length} single frames repeat the one before; mean step beside them: ${quantiles(single, [0.5, 0.9, 1])}`)

const still = bodies.flatMap((body) => joints.flatMap((joint) => {
  const first = joint * body.frames
  return runsWhere(body.frames - 1, (frame) => distance(body, first + frame, first + frame + 1) === 0).map(({ start, end }) => ({ start, end: end + 1 }))
    .filter(({ start, end }) => end - start >= 5)
    .filter(({ start, end }) => body.states.subarray(first + start, first + end).filter((state) => state === OBSERVED).length * 2 >= end - start)
    .filter((run) => othersMove(body, joint, run) > 0.25)
    .map(({ start, end }) => Math.max(0, ...located([stepOf(body, joint, start), stepOf(body, joint, end)])))
}))
console.log(`\nfrozen-joint: ${still.length} runs of an observed joint that stands still while the others move`)
console.log(`  step into or out of them ${counts(still, [0.1, 0.15, 0.2, 0.25, 0.3, 0.4])}`)

const oddities = bodies.flatMap((body) => skeleton.edges.flatMap(([a, b], edge) => {
  const lengths = body.bones.subarray(edge * body.frames, (edge + 1) * body.frames)
  const logs = new Float64Array(lengths).map((length) => Math.log(Math.max(length, 0.1 * body.bone)))
  const middle = median(logs)
  const spread = Math.max(1.4826 * median(logs.map((log) => Math.abs(log - middle))), 0.1)
  const usual = Math.max(body.bone, Math.exp(middle))
  const isObserved = (frame: number): boolean => [a, b].every((end) => body.states[end * body.frames + frame] === OBSERVED)
  const step = (from: number, to: number): number => Math.abs((lengths[to] ?? NaN) - (lengths[from] ?? NaN)) / usual
  return framesOf(body).filter(isObserved).map((frame) => ({
    z: (logs[frame]! - middle) / spread, step: Math.max(0, ...located([step(frame - 1, frame), step(frame, frame + 1)])) }))
}))
console.log(`\nbone-length-jump: ${oddities.length} bones of frames; z ${counts(oddities.map(({ z }) => z), [2, 3, 4])}`)
console.log(`  of those above 3, a step ${counts(oddities.filter(({ z }) => z > 3).map(({ step }) => step), [0.3, 0.5, 0.75, 1])}`)

const changes = bodies.map((body) =>
  Math.max(...located(framesOf(body).slice(1).map((frame) => Math.abs(confidenceAt(body, frame) - confidenceAt(body, frame - 1))))))
console.log(`\nconfidence-cliff, largest change of a clip: ${quantiles(changes, [0.9, 0.99, 1])}\n  ${counts(changes, [0.15, 0.2, 0.3, 0.4])}`)

const seams = bodies.flatMap((body) => framesOf(body).slice(1).map((frame) => pairs.map(([left, right]) => {
  const [a, b] = [left * body.frames + frame, right * body.frames + frame]
  const [stay, cross] = [distance(body, a - 1, a) + distance(body, b - 1, b), distance(body, b - 1, a) + distance(body, a - 1, b)]
  return { stay: stay / body.bone, cross: cross / body.bone }
}).filter(({ stay }) => !Number.isNaN(stay))))
const saved = (costs: readonly { readonly stay: number; readonly cross: number }[], left: number): string =>
  counts(costs.filter(({ stay, cross }) => cross <= left * stay).map(({ stay, cross }) => stay - cross), [0.3, 0.4, 0.5, 0.6])
console.log('')
for (const left of [0.2, 0.35, 0.5]) console.log(`left-right-swap, two twins, cross <= ${left} stay: saved ${saved(seams.flat(), left)}`)
const whole = seams.map((twins) => ({ stay: twins.reduce((sum, { stay }) => sum + stay, 0), cross: twins.reduce((sum, { cross }) => sum + cross, 0) }))
for (const left of [0.6, 0.8]) console.log(`left-right-swap, all twins, cross <= ${left} stay: saved ${saved(whole, left)}`)

console.log('\nnot shipped: a dropped frame in the movement alone: a step 1.6 to 2.6 times the mean of its neighbours, so much of its square explained by them')
for (const share of [0.85, 0.9, 0.95]) {
  const isHit = ({ factor, explained, move }: Skip): boolean => factor > 1.6 && factor < 2.6 && explained > share && move > 0.05
  const planted = bodies.map((body, at) => {
    const frame = 3 + randomAt({ seed: 0, clip: clips[at]!.id, transform: 'drop' }).integer(body.frames - 7)
    return skipAt(body, frame - 1, frame + 1)
  })
  const kept = bodies.flatMap((body) => framesOf(body).slice(2, -1).map((frame) => skipAt(body, frame - 1, frame)))
  console.log(`  ${share}: ${planted.filter(isHit).length} of ${planted.length} dropped frames found, ${kept.filter(isHit).length} where none was dropped`)
}

type Skip = { readonly factor: number; readonly explained: number; readonly move: number }

/** The step from frame `from` to `to` beside the steps before and after, over all joints. */
function skipAt({ points, frames, bone }: Body, from: number, to: number): Skip {
  let [uu, uv, vv, count] = [0, 0, 0, 0]
  for (const joint of joints) {
    for (const axis of [0, 1]) {
      const at = (frame: number): number => points[(joint * frames + frame) * 2 + axis]! / bone
      const [u, v] = [(at(from) - at(from - 1) + at(to + 1) - at(to)) / 2, at(to) - at(from)]
      if (Number.isNaN(u + v)) continue
      uu += u * u
      uv += u * v
      vv += v * v
      count += 0.5
    }
  }
  if (count < 6 || uu === 0) return { factor: 0, explained: 0, move: 0 }
  return { factor: uv / uu, explained: (uv * uv) / (uu * vv), move: Math.sqrt(uu / count) }
}

function othersMove(body: Body, joint: number, { start, end }: { start: number; end: number }): number {
  return median(joints.filter((other) => other !== joint).map((other) => {
    const range = [0, 1].map((axis) => {
      const values = located(Array.from({ length: end - start }, (_, at) => body.points[(other * body.frames + start + at) * 2 + axis]!))
      return Math.max(...values) - Math.min(...values)
    })
    return Math.hypot(...range) / body.bone
  }))
}

function confidenceAt({ confidences, states, frames }: Body, frame: number): number {
  return mean(joints.map((joint) => joint * frames + frame).filter((at) => states[at] !== ABSENT).map((at) => confidences[at]!))
}
