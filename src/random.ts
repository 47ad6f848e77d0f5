import { circle, ln } from './elementary.ts'
import { ToolkitError } from './errors.ts'
import { hashWords } from './hash.ts'
import { philox } from './philox.ts'

/** Chance that depends on where it is used and on nothing else: the same place gives the same draws on every machine, in any order of use. */
export type Random = Draws & {
  /** A stream of its own, whatever was drawn here before. */
  fork(name: string | number): Random
}

/** What can be drawn. */
export type Draws = {
  /** 24 random bits / 2^24: in [0, 1). */
  uniform(): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** Standard normal, |z| < 5.8. */
  normal(): number
  /** Uniform over 0 .. bound - 1, exactly; 1 <= bound <= 2^32. */
  integer(bound: number): number
  /** True with probability p: never for 0, always for 1. */
  chance(p: number): boolean
}

/**
 * The coordinates of a stream of chance. A fork is the coordinate after the last one: `{ clip, view, transform }` is `{ clip, view }` forked by transform.
 */
export type Place = {
  readonly seed: number
  readonly epoch?: number
  readonly view?: number
  readonly clip?: string
  readonly transform?: string
  readonly position?: number
}

/**
 * The stream of a place: Philox4x32-10 with the seed as key and the counter (draw block, epoch, two words of the hash of the other coordinates).
 * docs/random.md has every bit of it, with vectors. Throws E_SEED for a seed or an epoch that does not fit its words.
 */
export function randomAt(place: Place): Random {
  return stream(keyOf(place.seed), checkedEpoch(place.epoch ?? 0), coordinatesOf(place))
}

/**
 * The words of places that differ in epoch only, in bulk: fills `out`, whose length is a multiple of 4, with the blocks `first`, `first` + 1, ... of
 * the stream that `randomAt`, forked by each of `forks`, draws from.
 */
export function wordsAt(place: Omit<Place, 'epoch'>, forks: readonly (string | number)[] = []): (epoch: number, first: number, out: Uint32Array) => void {
  const { key, after } = counterAt(place, forks)
  return (epoch, first, out) => {
    const counter = [first, ...after(epoch)]
    for (let at = 0; at < out.length; at += 4, counter[0]!++) philox(counter, key, out, at)
  }
}

/** The key of such places, and by epoch the words of the counter after the first, which counts blocks: for who computes the words of `wordsAt` in a way of their own. */
export function counterAt(place: Omit<Place, 'epoch'>, forks: readonly (string | number)[] = []): {
  readonly key: readonly [number, number]; readonly after: (epoch: number) => readonly [number, number, number]
} {
  const tail = hashWords(JSON.stringify([...coordinatesOf(place), ...forks]))
  return { key: keyOf(place.seed), after: (epoch) => [checkedEpoch(epoch), ...tail] }
}

function keyOf(seed: number): readonly [number, number] {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new ToolkitError('E_SEED', `seed ${seed} is not an integer from 0 to 2^53 - 1`)
  return [seed % 2 ** 32, Math.floor(seed / 2 ** 32)]
}

function checkedEpoch(epoch: number): number {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch >= 2 ** 32) throw new ToolkitError('E_SEED', `epoch ${epoch} is not an integer from 0 to 2^32 - 1`)
  return epoch
}

/** Up to the last coordinate the place has. */
function coordinatesOf({ clip, view, transform, position }: Omit<Place, 'seed' | 'epoch'>): (string | number | null)[] {
  const coordinates = [clip ?? null, view ?? null, transform ?? null, position ?? null]
  return coordinates.slice(0, coordinates.findLastIndex((coordinate) => coordinate !== null) + 1)
}

/** The two words of the counter that stand for a place, its epoch and seed apart: what `randomFrom` begins from, for places that are drawn from again and again. */
export function placeWords(place: Omit<Place, 'seed' | 'epoch'>): readonly [high: number, low: number] {
  return hashWords(JSON.stringify(coordinatesOf(place)))
}

/** The streams of places by their words, one at a time: a stream is at its end when the next one begins. Nothing is made, and no name is hashed. */
export function randomFrom(seed: number): (epoch: number, high: number, low: number) => Draws {
  const key = keyOf(seed)
  const counter = [0, 0, 0, 0]
  const { restart, ...draws } = drawing(key, () => counter)
  return (epoch, high, low) => {
    counter[0] = 0
    counter[1] = epoch
    counter[2] = high
    counter[3] = low
    restart()
    return draws
  }
}

function stream(key: readonly [number, number], epoch: number, coordinates: readonly (string | number | null)[]): Random {
  // hashed at the first draw: most places are only forked
  const draws = drawing(key, () => [0, epoch, ...hashWords(JSON.stringify(coordinates))])
  return Object.assign(draws, { fork: (name: string | number) => stream(key, epoch, [...coordinates, name]) })
}

function drawing(key: readonly [number, number], begin: () => number[]): Draws & { restart(): void } {
  let counter: number[] | null = null
  const block = new Uint32Array(4)
  let used = 4
  let spare: number | null = null

  function word(): number {
    if (used === 4) {
      counter ??= begin()
      if (counter[0] === 2 ** 32) throw new Error('a stream of chance ends after 2^34 words')
      philox(counter, key, block)
      counter[0]!++
      used = 0
    }
    return block[used++]!
  }
  function uniform(): number {
    return (word() >>> 8) / 2 ** 24
  }
  /** Box-Muller: one pair of uniforms makes two normals, the second kept for the next call. */
  function normal(): number {
    if (spare !== null) {
      const kept = spare
      spare = null
      return kept
    }
    const radius = Math.sqrt(-2 * ln(1 - uniform()))
    const { cos, sin } = circle(uniform())
    spare = radius * sin
    return radius * cos
  }
  /** Words at or above the largest multiple of `bound` are thrown away, so that every remainder is equally likely. */
  function integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) throw new Error(`integer(${bound}): the bound is an integer from 1 to 2^32`)
    const limit = 2 ** 32 - (2 ** 32 % bound)
    for (;;) {
      const drawn = word()
      if (drawn < limit) return drawn % bound
    }
  }
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    normal,
    integer,
    chance: (p) => uniform() < p,
    restart() {
      counter = null
      used = 4
      spare = null
    },
  }
}
