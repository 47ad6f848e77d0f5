/** Flaws that experiments/validate.ts plants into clips that have none: each with the code that should find it, and where. */
import { ABSENT, type Clip, OBSERVED, type Segment } from '../src/clip.ts'
import type { Random } from '../src/random.ts'
import type { Skeleton } from '../src/skeleton.ts'

/** A clip with a flaw in frames [start, end), in these joints; none = no joint in particular. */
export type Planted = { readonly clip: Clip; readonly start: number; readonly end: number; readonly joints: readonly number[]; readonly pictures?: number }
type Soil = { readonly clip: Clip; readonly skeleton: Skeleton; readonly bone: number; readonly random: Random }
export type Plant = {
  readonly name: string
  /** What should find it; null = nothing does, and the row says so. */
  readonly code: string | null
  /** null = the draw does not suit this clip. */
  plant(soil: Soil): Planted | null
}

/** Plants into labels need phases: real Penn Action has none, so that every clip gets some. */
export function withPhases(clip: Clip, names: readonly string[], random: Random): Clip {
  const cuts = Array.from({ length: names.length - 1 }, () => 1 + random.integer(clip.frames - 1)).sort((a, b) => a - b)
  const phases = names.map((label, at): Segment => ({ label, start: cuts[at - 1] ?? 0, end: cuts[at] ?? clip.frames }))
  return { ...clip, labels: { ...clip.labels, phases } }
}

export const plants: readonly Plant[] = [
  { name: 'all twins exchanged, 2 to 10 frames', code: 'left-right-swap', plant: ({ clip, skeleton, random }) =>
    exchange(clip, skeleton.pairs, drawRun(clip, 2, 10, random)) },
  { name: 'one pair of twins exchanged, 2 to 10 frames', code: 'left-right-swap', plant: ({ clip, skeleton: { pairs }, random }) => {
    const pair = pairs[random.integer(pairs.length)]!
    return exchange(clip, [pair], drawRun(clip, 2, 10, random))
  } },
  { name: 'joint 1 to 4 bones away, 1 frame', code: 'joint-teleport', plant: (soil) => displace(soil, drawRun(soil.clip, 1, 1, soil.random)) },
  { name: 'joint 1 to 4 bones away, 3 to 8 frames', code: 'bone-length-jump', plant: (soil) => displace(soil, drawRun(soil.clip, 3, 8, soil.random)) },
  { name: 'skeleton 1.2 to 2 times as large, 3 to 10 frames', code: 'scale-jump', plant: ({ clip, random }) =>
    enlarge(clip, drawRun(clip, 3, 10, random), random.between(1.2, 2)) },
  { name: 'joint frozen, 6 to 20 frames', code: 'frozen-joint', plant: (soil) => freeze(soil, 0) },
  { name: 'the same, and then 0.3 bones and more off', code: 'frozen-joint', plant: (soil) => freeze(soil, 0.3) },
  { name: 'frame replaced by the one before', code: 'duplicate-frames', plant: ({ clip, random }) => repeat(clip, drawRun(clip, 1, 1, random)) },
  { name: 'joint 1 to 50 px outside, 1 to 5 frames', code: 'off-image', plant: leave },
  { name: 'confidences times 0.3, 3 to 10 frames', code: 'confidence-cliff', plant: ({ clip, random }) => fade(clip, drawRun(clip, 3, 10, random)) },
  { name: 'frame dropped, pictures kept', code: 'frame-count-mismatch', plant: ({ clip, random }) =>
    ({ ...drop(clip, drawRun(clip, 1, 1, random), false), pictures: clip.frames }) },
  { name: 'frame dropped, time kept', code: 'time-gap', plant: ({ clip, random }) => drop(clip, drawRun(clip, 1, 1, random), true) },
  { name: 'frame dropped without a trace', code: null, plant: ({ clip, random }) => drop(clip, drawRun(clip, 1, 1, random), false) },
  { name: 'boxes one row short', code: 'frame-count-mismatch', plant: ({ clip }) => shorten(clip) },
  { name: 'phases one frame late', code: 'phase-gap', plant: relabel((phases) =>
    phases.map((phase) => ({ ...phase, start: phase.start + 1, end: phase.end + 1 }))) },
  { name: 'phases one frame late, cut to the clip', code: 'phase-gap', plant: relabel((phases) =>
    phases.map(({ label, start, end }, at) => ({ label, start: start + 1, end: at === phases.length - 1 ? end : end + 1 }))) },
  { name: 'inner boundaries of phases one frame late', code: null, plant: relabel((phases) =>
    phases.map(({ label, start, end }, at) => ({ label, start: at === 0 ? start : start + 1, end: at === phases.length - 1 ? end : end + 1 }))) },
  { name: 'gap of 1 to 5 frames between phases', code: 'phase-gap', plant: relabel((phases, random) => moveStart(phases, 1 + random.integer(5), random)) },
  { name: 'overlap of 1 to 5 frames of phases', code: 'phase-overlap', plant: relabel((phases, random) => moveStart(phases, -1 - random.integer(5), random)) },
  { name: 'two phases named the other way round', code: 'phase-order', plant: relabel((phases, random) => {
    const at = 1 + random.integer(phases.length - 1)
    return phases.map((phase, index) => ({ ...phase, label: phases[index === at ? at - 1 : index === at - 1 ? at : index]!.label }))
  }) },
  { name: 'a phase left out', code: 'phase-missing', plant: relabel((phases, random) => {
    const at = 1 + random.integer(phases.length - 1)
    return phases.flatMap((phase, index) => (index === at ? [] : [index === at - 1 ? { ...phase, end: phases[at]!.end } : phase]))
  }) },
]

type Run = { readonly start: number; readonly end: number }

/** Somewhere with two frames before and after. */
function drawRun({ frames }: Clip, least: number, most: number, random: Random): Run {
  const length = Math.min(least + random.integer(most - least + 1), frames - 5)
  const start = 2 + random.integer(frames - length - 3)
  return { start, end: start + length }
}

const place = ({ joints }: Clip, frame: number, joint: number): number => frame * joints + joint

function exchange(clip: Clip, pairs: Skeleton['pairs'], run: Run): Planted {
  const [keypoints, states] = [clip.keypoints!.slice(), clip.states!.slice()]
  for (let frame = run.start; frame < run.end; frame++) {
    for (const [left, right] of pairs) {
      const [a, b] = [place(clip, frame, left), place(clip, frame, right)]
      keypoints.set(clip.keypoints!.subarray(3 * b, 3 * b + 3), 3 * a)
      keypoints.set(clip.keypoints!.subarray(3 * a, 3 * a + 3), 3 * b)
      ;[states[a], states[b]] = [clip.states![b]!, clip.states![a]!]
    }
  }
  return { clip: { ...clip, keypoints, states }, ...run, joints: pairs.flat() }
}

/** Moves joints; what is absent stays absent. */
function move(clip: Clip, run: Run, joints: readonly number[], to: (x: number, y: number, frame: number, joint: number) => readonly [number, number]): Planted {
  const keypoints = clip.keypoints!.slice()
  for (let frame = run.start; frame < run.end; frame++) {
    for (const joint of joints) {
      const at = place(clip, frame, joint)
      if (clip.states![at] !== ABSENT) keypoints.set(to(keypoints[3 * at]!, keypoints[3 * at + 1]!, frame, joint), 3 * at)
    }
  }
  return { clip: { ...clip, keypoints }, ...run, joints }
}

function isObserved(clip: Clip, { start, end }: Run, joint: number): boolean {
  for (let frame = Math.max(0, start); frame < Math.min(clip.frames, end); frame++) if (clip.states![place(clip, frame, joint)] !== OBSERVED) return false
  return true
}

function displace({ clip, random, bone }: Soil, run: Run): Planted | null {
  const [joint, far, { angle }] = [random.integer(clip.joints), bone * random.between(1, 4), { angle: random.between(0, 2 * Math.PI) }]
  if (!isObserved(clip, { start: run.start - 1, end: run.end + 1 }, joint)) return null
  return move(clip, run, [joint], (x, y) => [x + far * Math.cos(angle), y + far * Math.sin(angle)])
}

function enlarge(clip: Clip, run: Run, factor: number): Planted {
  return move(clip, run, Array.from({ length: clip.joints }, (_, joint) => joint), (x, y) => [x * factor, y * factor])
}

/** `least` = bones that the joint must be away from where it was, when it may move again. */
function freeze({ clip, bone, random }: Soil, least: number): Planted | null {
  const [run, joint] = [drawRun(clip, 6, 20, random), random.integer(clip.joints)]
  if (!isObserved(clip, { start: run.start, end: run.end + 1 }, joint)) return null
  const at = (frame: number): [number, number] => [0, 1].map((axis) => clip.keypoints![3 * place(clip, frame, joint) + axis]!) as [number, number]
  const [[x, y], [nextX, nextY]] = [at(run.start), at(run.end)]
  return Math.hypot(nextX - x, nextY - y) < least * bone ? null : move(clip, run, [joint], () => [x, y])
}

function repeat(clip: Clip, run: Run): Planted {
  const [keypoints, states] = [clip.keypoints!.slice(), clip.states!.slice()]
  keypoints.copyWithin(3 * place(clip, run.start, 0), 3 * place(clip, run.start - 1, 0), 3 * place(clip, run.start, 0))
  states.copyWithin(place(clip, run.start, 0), place(clip, run.start - 1, 0), place(clip, run.start, 0))
  return { clip: { ...clip, keypoints, states }, ...run, joints: [] }
}

function leave({ clip, random }: Soil): Planted | null {
  const [run, joint, by, side] = [drawRun(clip, 1, 5, random), random.integer(clip.joints), random.between(1, 50), random.integer(4)]
  if (!isObserved(clip, run, joint)) return null
  return move(clip, run, [joint], (x, y) => [[-by, y], [clip.width + by, y], [x, -by], [x, clip.height + by]][side] as [number, number])
}

function fade(clip: Clip, run: Run): Planted {
  const keypoints = clip.keypoints!.slice()
  for (let at = place(clip, run.start, 0); at < place(clip, run.end, 0); at++) keypoints[3 * at + 2]! *= 0.3
  return { clip: { ...clip, keypoints }, ...run, joints: [] }
}

function drop(clip: Clip, { start }: Run, keepsTime: boolean): Planted {
  const without = <T extends Float32Array | Uint8Array>(values: T): T => values.filter((_, at) => Math.floor((at * clip.frames) / values.length) !== start) as T
  const [frames, time] = [clip.frames - 1, without(clip.time)]
  return {
    clip: {
      ...clip, frames, labels: { ...clip.labels, phases: null }, keypoints: without(clip.keypoints!), states: without(clip.states!), 
      boxes: clip.boxes === null ? null : without(clip.boxes), time: keepsTime ? time : time.map((_, at) => at),
    },
    start, end: start + 1, joints: [] }
}

function shorten(clip: Clip): Planted | null {
  if (clip.boxes === null || clip.boxes.subarray(-8).some(Number.isNaN)) return null
  return { clip: { ...clip, boxes: clip.boxes.slice().fill(NaN, -4) }, start: clip.frames - 1, end: clip.frames, joints: [] }
}

function relabel(change: (phases: readonly Segment[], random: Random) => readonly Segment[]): Plant['plant'] {
  return ({ clip, random }) => {
    const { phases } = clip.labels
    if (phases === null || phases.length < 2 || phases.some(({ start, end }) => end - start < 7)) return null
    return { clip: { ...clip, labels: { ...clip.labels, phases: change(phases, random) } }, start: 0, end: clip.frames, joints: [] }
  }
}

function moveStart(phases: readonly Segment[], by: number, random: Random): readonly Segment[] {
  const at = 1 + random.integer(phases.length - 1)
  return phases.map((phase, index) => (index === at ? { ...phase, start: phase.start + by } : phase))
}
