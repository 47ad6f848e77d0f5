import { circle } from '../../../elementary.ts'
import { H2O_VERBS, type H2oScript } from './h2o-script.ts'

/** How far the hands and the object are in what they do, each 0..1 unless said. */
export type H2oState = {
  /** Right hand from its rest to the object. */
  readonly grip: number
  /** Object above the table. */
  readonly lift: number
  /** Object from where it stood to where it will. */
  readonly slide: number
  /** Object leant over, -1..1. */
  readonly tilt: number
  /** Left hand from its rest to the object's top. */
  readonly aid: number
  /** Left hand above the object's top. */
  readonly reach: number
  /** Left hand to one side and the other, -1..1. */
  readonly rub: number
  /** Right hand closing more than it must. */
  readonly press: number
}
type Verb = Exclude<typeof H2O_VERBS[number], ''>

const REST: H2oState = { grip: 0, lift: 0, slide: 0, tilt: 0, aid: 0, reach: 0, rub: 0, press: 0 }

/** How near the left hand waits while the right one holds the object. */
const NEAR = 0.6

/** What a verb does while it runs, `share` of it done; what it leaves unsaid stays as it was. */
const DEEDS: Readonly<Record<Verb, (share: number) => Partial<H2oState>>> = {
  'grab': (share) => ({ grip: eased(share / 0.6), lift: eased((share - 0.4) / 0.6), aid: NEAR * eased(share) }),
  'place': (share) => ({ lift: 1 - eased(share / 0.6), slide: eased(share / 0.6), grip: 1 - eased((share - 0.4) / 0.6), aid: NEAR * (1 - eased(share)) }),
  'open': (share) => ({ aid: nearer(share), rub: bump(share), reach: 0 }),
  'close': (share) => ({ aid: nearer(share), rub: -bump(share), reach: 0 }),
  'pour': (share) => ({ tilt: bump(share) }),
  'take out': (share) => ({ aid: nearer(share), reach: eased(share) }),
  'put in': (share) => ({ aid: nearer(share), reach: 1 - eased(share) }),
  'apply': (share) => ({ aid: nearer(share), rub: bump(share) * circle(2 * share).sin, reach: 0 }),
  'read': (share) => ({ tilt: -0.6 * bump(share) }),
  'spray': (share) => ({ press: bump(3 * share), tilt: 0.2 * bump(share) }),
  'squeeze': (share) => ({ press: bump(share), tilt: 0.5 * bump(share) }),
}

/** The state in every frame: a verb goes on from where the one before it ended; another object is a new start. */
export function moveH2o({ frames, segments }: H2oScript): H2oState[] {
  const befores = [REST]
  for (const [at, { verb, object }] of segments.entries()) {
    befores.push(segments[at + 1]?.object === object ? { ...befores[at]!, ...deedOf(verb)(1) } : REST)
  }
  return Array.from({ length: frames }, (_, frame) => {
    const at = Math.max(0, segments.findLastIndex(({ start }) => start <= frame))
    const { start, end, verb } = segments[at]!
    return { ...befores[at]!, ...deedOf(verb)(Math.min(1, Math.max(0, (frame - start + 0.5) / (end - start)))) }
  })
}

function deedOf(verb: number): (share: number) => Partial<H2oState> {
  return DEEDS[H2O_VERBS[verb] as Verb]
}

/** Smoothstep. */
function eased(time: number): number {
  const share = Math.min(1, Math.max(0, time))
  return share * share * (3 - 2 * share)
}

function nearer(share: number): number {
  return NEAR + (1 - NEAR) * bump(share)
}

/** From 0 up to 1 and back, without a jerk at either end. */
function bump(share: number): number {
  return (1 - circle(share).cos) / 2
}
