import { ToolkitError } from '../../../errors.ts'
import { randomAt } from '../../../random.ts'
import { drawHandFlags, type HandFlags, listUsable } from './h2o-annotator.ts'
import type { H2oCamera } from './h2o-camera.ts'
import { type H2oFlaw, type H2oQuirks, listFlaws, noQuirks, quirksAt, subjectFlaw } from './h2o-quirks.ts'
import { type H2oPlace, h2oSequences } from './h2o-sequences.ts'
import { type H2oWorld, makeH2oWorld } from './h2o-world.ts'

type H2oTruthOptions = {
  /** 1 to 184. */
  readonly sequences: number
  readonly seed: number
  /** `ego` = cam4 alone, as in the ego archives. */
  readonly cameras: 'ego' | 'all'
  /** With each known quirk of the downloads somewhere; six sequences have all of them. */
  readonly flaws: boolean
}

/** One sequence: what happened (`viewH2o` shows it as one camera saw it) and what the annotators made of it. */
export type H2oSequence = H2oPlace & H2oWorld & {
  readonly seed: number
  readonly quirks: H2oQuirks
  /** Per frame: action 0..36, verb 0..11, class of the object 0..8; 0 = background. */
  readonly actions: readonly number[]
  readonly verbs: readonly number[]
  readonly objectClasses: readonly number[]
  /** By camera, of those the twin has. */
  readonly handFlags: ReadonlyMap<H2oCamera, HandFlags>
  /** The frames of cam4 in the list of poses. */
  readonly listed: readonly number[]
}

export type H2oTruth = {
  readonly seed: number
  readonly cameras: readonly H2oCamera[]
  /** In the twin's order: the first ones are those of every smaller twin of the seed. */
  readonly sequences: readonly H2oSequence[]
  readonly flaws: readonly H2oFlaw[]
}

/** All that is true of a twin of H2O, before a file is written. E_TWIN_CLIPS for a number of sequences that H2O does not have. */
export function h2oTruth({ sequences, seed, cameras, flaws }: H2oTruthOptions): H2oTruth {
  if (!Number.isInteger(sequences) || sequences < 1 || sequences > h2oSequences.length) {
    throw new ToolkitError('E_TWIN_CLIPS', `${sequences} sequences; a twin of h2o has 1 to ${h2oSequences.length}`)
  }
  const eyes: readonly H2oCamera[] = cameras === 'ego' ? [4] : [0, 1, 2, 3, 4]
  const made = h2oSequences.slice(0, sequences).map((place, position) => makeSequence(place, position, { seed, eyes, flaws }))
  const subjects = [...new Set(made.map(({ subject }) => subject))]
  const planted = [...subjects.flatMap(subjectFlaw), ...made.flatMap(({ quirks }) => listFlaws(quirks, eyes))]
  return { seed, cameras: eyes, sequences: made, flaws: flaws ? planted : [] }
}

type Options = { readonly seed: number; readonly eyes: readonly H2oCamera[]; readonly flaws: boolean }

function makeSequence(place: H2oPlace, position: number, { seed, eyes, flaws }: Options): H2oSequence {
  const random = randomAt({ seed, clip: `h2o/${place.path}`, transform: 'twin' }).fork('annotator')
  const world = makeH2oWorld(seed, place, position)
  const { frames, segments } = world
  const first = segments[0]!
  const quirks = flaws ? quirksAt(place, { position, frames, busy: Math.floor((first.start + first.end) / 2) }) : noQuirks(place)
  const handFlags = new Map(eyes.map((camera) => [camera, without(quirks.handless, drawHandFlags(frames, random.fork(camera)))]))
  const inFrame = (part: 'action' | 'verb'): number[] => Array.from({ length: frames }, (_, frame) =>
    segments.find(({ start, end }) => start <= frame && frame < end)?.[part] ?? 0)
  return {
    ...place, ...world, seed, quirks, handFlags, actions: inFrame('action'), verbs: inFrame('verb'),
    objectClasses: world.objects.map((one) => one?.object ?? 0), listed: listUsable(handFlags.get(4)!, random.fork('list')),
  }
}

function without(span: H2oQuirks['handless'], flags: HandFlags): HandFlags {
  return span === null ? flags : flags.map((flag, at) => (at >= 2 * span.start && at < 2 * span.end ? 0 : flag))
}
