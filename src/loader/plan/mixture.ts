import { wordsAt } from '../../random.ts'
import { shuffle } from '../permutation.ts'
import type { ListName, Sequence } from './sequence.ts'

/** A sequence, and how many samples of each block are its. */
type Share = { readonly sequence: Sequence; readonly share: number }

/**
 * Samples of several sequences in exact proportion: each block of W = sum of the shares has `share` samples of each. A keyed permutation per block says whose
 * turn it is, and each sequence goes on where it stood: the r-th turn of a sequence in block b takes its sample b share + r. Keeps a block: twelve bytes a
 * sample.
 */
export function mixed(shares: readonly Share[], { seed, name }: { readonly seed: number; readonly name: ListName }): Sequence {
  const size = shares.reduce((sum, { share }) => sum + share, 0)
  const block = blocksOf(shares.map(({ share }) => share), wordsAt({ seed, transform: 'mix' }, name))
  return {
    samples: shares.reduce((sum, { sequence }) => sum + sequence.samples, 0),
    lists: shares.flatMap(({ sequence, share }) => sequence.lists.map((list) => ({ ...list, share: (list.share * share) / size }))),
    at(number) {
      const of = Math.floor(number / size)
      const { turns, ranks } = block(of)
      const { sequence, share } = shares[turns[number - of * size]!]!
      return sequence.at(of * share + ranks[number - of * size]!)
    },
  }
}

/** [W] whose turn each sample of a block is, and how many turns it had before in this block. */
type Block = { readonly turns: Uint16Array; readonly ranks: Uint32Array }

function blocksOf(shares: readonly number[], words: ReturnType<typeof wordsAt>): (number: number) => Block {
  const owners = Uint16Array.from(shares.flatMap((share, index) => Array<number>(share).fill(index)))
  const slots = new Uint32Array(owners.length)
  const block = { turns: new Uint16Array(owners.length), ranks: new Uint32Array(owners.length) }
  const taken = new Uint32Array(shares.length)
  let kept = -1
  return (number) => {
    if (number === kept) return block
    shuffle(slots, (first, out) => words(number, first, out))
    taken.fill(0)
    for (let i = 0; i < slots.length; i++) {
      const turn = owners[slots[i]!]!
      block.turns[i] = turn
      block.ranks[i] = taken[turn]!++
    }
    kept = number
    return block
  }
}
