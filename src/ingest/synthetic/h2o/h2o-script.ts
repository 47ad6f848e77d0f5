import type { Random } from '../../../random.ts'

/** Frames [start, end) do `action` (1..36), which is `verb` (1..11) done to `object` (1..8). */
export type H2oSegment = { readonly start: number; readonly end: number; readonly action: number; readonly verb: number; readonly object: number }
/** What happens in a sequence; frames outside of the segments are background. */
export type H2oScript = { readonly frames: number; readonly segments: readonly H2oSegment[] }

const OBJECTS = ['', 'book', 'espresso', 'lotion', 'spray', 'milk', 'cocoa', 'chips', 'cappuccino']
export const H2O_VERBS = ['', 'grab', 'place', 'open', 'close', 'pour', 'take out', 'put in', 'apply', 'read', 'spray', 'squeeze'] as const
const ACTIONS = [
  '', 'grab book', 'grab espresso', 'grab lotion', 'grab spray', 'grab milk', 'grab cocoa', 'grab chips', 'grab cappuccino', 'place book', 'place espresso',
  'place lotion', 'place spray', 'place milk', 'place cocoa', 'place chips', 'place cappuccino', 'open lotion', 'open milk', 'open chips', 'close lotion',
  'close milk', 'close chips', 'pour milk', 'take out espresso', 'take out cocoa', 'take out chips', 'take out cappuccino', 'put in espresso', 'put in cocoa',
  'put in cappuccino', 'apply lotion', 'apply spray', 'read book', 'read espresso', 'spray spray', 'squeeze lotion',
]

/** What one does with each object, from grabbing to placing it: every action once. */
const ROUTINES: readonly (readonly string[])[] = [
  ['grab book', 'read book', 'place book'],
  ['grab espresso', 'read espresso', 'take out espresso', 'put in espresso', 'place espresso'],
  ['grab lotion', 'open lotion', 'squeeze lotion', 'apply lotion', 'close lotion', 'place lotion'],
  ['grab spray', 'spray spray', 'apply spray', 'place spray'],
  ['grab milk', 'open milk', 'pour milk', 'close milk', 'place milk'],
  ['grab cocoa', 'take out cocoa', 'put in cocoa', 'place cocoa'],
  ['grab chips', 'open chips', 'take out chips', 'close chips', 'place chips'],
  ['grab cappuccino', 'take out cappuccino', 'put in cappuccino', 'place cappuccino'],
]
const SECOND = 3
/** Every action gets at least so many frames, so does the background before the first and after the last. */
const LEAST = { action: 7, edge: 2 }

/** One object's routine, sometimes a second one's after it, in 30 to 120 frames: each action at its own length, a third of them without a pause between. */
export function drawH2oScript(position: number, random: Random): H2oScript {
  const first = (position + Math.floor(position / 4)) % ROUTINES.length
  const isDouble = random.chance(0.5)
  const actions = [...ROUTINES[first]!, ...(isDouble ? ROUTINES[(first + SECOND) % ROUTINES.length]! : [])]
  const shortest = Math.max(30, 4 + 8 * actions.length)
  const frames = shortest + random.integer((isDouble ? 120 : 90) - shortest + 1)
  const pauses = actions.slice(1).map(() => (random.chance(1 / 3) ? 0 : random.between(0.1, 0.5)))
  const shares = [random.between(0.3, 1), ...actions.flatMap((_, at) => [random.between(0.5, 2), pauses[at] ?? random.between(0.3, 1)])]
  const least = shares.map((_, part) => (part === 0 || part === shares.length - 1 ? LEAST.edge : part % 2 === 1 ? LEAST.action : 0))
  const ends = endsOf(shares, least, frames)
  return { frames, segments: actions.map((name, at) => ({ start: ends[2 * at]!, end: ends[2 * at + 1]!, ...partsOf(name) })) }
}

/** Whole parts of `frames`, each at least its `least` and beyond that in proportion to its share, as the end of each. */
function endsOf(shares: readonly number[], least: readonly number[], frames: number): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0)
  const free = frames - least.reduce((sum, length) => sum + length, 0)
  let [kept, share] = [0, 0]
  return shares.map((own, part) => {
    kept += least[part]!
    share += own
    return part === shares.length - 1 ? frames : kept + Math.floor((free * share) / total)
  })
}

function partsOf(name: string): Omit<H2oSegment, 'start' | 'end'> {
  const space = name.lastIndexOf(' ')
  const [verb, object] = [name.slice(0, space), name.slice(space + 1)]
  return { action: ACTIONS.indexOf(name), verb: H2O_VERBS.findIndex((known) => known === verb), object: OBJECTS.indexOf(object) }
}
