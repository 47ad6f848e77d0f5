import { philox, randomAt } from '../random.ts'

/** Which clip comes at a position of an epoch; a bijection of 0 .. count - 1. */
export type Order = (position: number) => number

/** Up to this many clips an order is a shuffled array (64 MB at most); beyond, it is computed per position. */
export const largestShuffle = 2 ** 24

/** The order of an epoch, from integers only: the same on every machine, and known for any epoch without the ones before it. docs/loader-order.md. */
export function orderOf(count: number, place: { seed: number; epoch: number }): Order {
  if (count > largestShuffle) return feistel(count, place)
  const shuffled = permutation(count, place)
  return (position) => shuffled[position]!
}

/** Fisher-Yates from the back on the stream of (seed, epoch, transform `order`): every permutation of `count` clips equally likely. */
export function permutation(count: number, { seed, epoch }: { seed: number; epoch: number }): Uint32Array {
  const random = randomAt({ seed, epoch, transform: 'order' })
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last--) {
    const drawn = random.integer(last + 1)
    const kept = order[last]!
    order[last] = order[drawn]!
    order[drawn] = kept
  }
  return order
}

const rounds = 8
/** The letters ORDR: keeps these counters apart from other uses of the key. */
const tag = 0x4f524452

/**
 * A Feistel network of 8 rounds over pairs of h-bit halves, h the smallest with 4^h >= count, its round function word 0 of Philox4x32-10 at the counter
 * (right half, round, epoch, tag); positions that fall beyond `count` go through again until they do not. A bijection, no array, count <= 2^52.
 */
export function feistel(count: number, { seed, epoch }: { seed: number; epoch: number }): Order {
  if (!(Number.isInteger(count) && count >= 1 && count <= 2 ** 52)) throw new Error(`no order of ${count} clips: 1 to 2^52 can be ordered`)
  let bits = 1
  while (4 ** bits < count) bits++
  const key = [seed % 2 ** 32, Math.floor(seed / 2 ** 32)]
  const half = 2 ** bits
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
