import { hashWords } from '../hash.ts'
import { philox } from '../philox.ts'
import { wordsAt } from '../random.ts'

/** Which clip comes at a position of an epoch; a bijection of 0 .. count - 1. */
export type Order = (position: number) => number

/** Up to this many clips an order is a shuffled array (64 MB at most); beyond, it is computed per position. */
export const largestShuffle = 2 ** 24

/** Where an order is drawn: an epoch of a list. `list` names one of several lists of a plan; [] = there is only one. */
export type OrderPlace = { readonly seed: number; readonly epoch: number; readonly list?: readonly (string | number)[] }

/** The order of an epoch, from integers only: the same on every machine, and known for any epoch without the ones before it. docs/loader-order.md. */
export function orderOf(count: number, { epoch, ...list }: OrderPlace): Order {
  return ordersOf(count, list)(epoch)
}

/** The orders of a list's epochs, in the same memory: an order is good until the next is asked for. */
export function ordersOf(count: number, { seed, list = [] }: Omit<OrderPlace, 'epoch'>): (epoch: number) => Order {
  if (count > largestShuffle) return (epoch) => feistel(count, { seed, epoch, list })
  const words = wordsAt({ seed, transform: 'order' }, list)
  const order = new Uint32Array(count)
  return (epoch) => {
    shuffle(order, (first, out) => words(epoch, first, out))
    return (position) => order[position]!
  }
}

/** Fisher-Yates from the back on the stream of (seed, epoch, transform `order`, list): every permutation of `count` clips equally likely. */
export function permutation(count: number, { seed, epoch, list }: OrderPlace): Uint32Array {
  const words = wordsAt({ seed, transform: 'order' }, list)
  return shuffle(new Uint32Array(count), (first, out) => words(epoch, first, out))
}

/** Words that are made at once: as many as fit the nearest cache. */
const chunk = 1024

/**
 * Fills `order` with 0 .. length - 1 and shuffles it: for last = length - 1 .. 1 swaps places `last` and `integer(last + 1)`, on the words that `fill` gives
 * from a block (of four) on. `integer` written out: a call per draw takes five times as long.
 */
export function shuffle(order: Uint32Array, fill: (first: number, out: Uint32Array) => void): Uint32Array {
  for (let index = 0; index < order.length; index++) order[index] = index
  const words = new Uint32Array(Math.min(chunk, Math.ceil(order.length / 4) * 4))
  let used = words.length
  let block = 0
  for (let last = order.length - 1; last > 0;) {
    if (used === words.length) {
      fill(block, words)
      block += words.length / 4
      used = 0
    }
    const word = words[used++]!
    const bound = (last + 1) >>> 0
    const drawn = word % bound
    // thrown away at or above the largest multiple of the bound, so that every remainder is equally likely
    if (word - drawn > 2 ** 32 - bound) continue
    const kept = order[last]!
    order[last] = order[drawn]!
    order[drawn] = kept
    last--
  }
  return order
}

const rounds = 8
/** The letters ORDR: keeps these counters apart from other uses of the key. */
const onlyList = 0x4f524452

/**
 * A Feistel network of 8 rounds over pairs of h-bit halves, h the smallest with 4^h >= count, its round function word 0 of Philox4x32-10 at the counter
 * (right half, round, epoch, tag), the tag of a list the first word of the hash of its name; positions that fall beyond `count` go through again until they
 * do not. A bijection, no array, count <= 2^52.
 */
export function feistel(count: number, { seed, epoch, list = [] }: OrderPlace): Order {
  if (!(Number.isInteger(count) && count >= 1 && count <= 2 ** 52)) throw new Error(`no order of ${count} clips: 1 to 2^52 can be ordered`)
  let bits = 1
  while (4 ** bits < count) bits++
  const key = [seed % 2 ** 32, Math.floor(seed / 2 ** 32)]
  const half = 2 ** bits
  const tag = list.length === 0 ? onlyList : hashWords(JSON.stringify([null, null, 'order', ...list]))[0]
  const words = new Uint32Array(4)

  function once(index: number): number {
    let left = Math.floor(index / half)
    let right = index % half
    for (let round = 0; round < rounds; round++) {
      const mixed = (left ^ philox([right, round, epoch, tag], key, words)[0]! % half) >>> 0
      left = right
      right = mixed
    }
    return left * half + right
  }
  return (position) => {
    let index = once(position)
    while (index >= count) index = once(index)
    return index
  }
}
