import { exp, ln } from '../../elementary.ts'
import { ToolkitError } from '../../errors.ts'
import { mixed } from './mixture.ts'
import { type LabelList, repeated } from './repeats.ts'
import type { ListName, Sequence } from './sequence.ts'
import { largestBlock, sharesOf } from './shares.ts'
import { shuffled } from './shuffled.ts'

type ListPlace = { readonly seed: number; readonly name: ListName }

/** Balances so that rare labels are repeated, or by a power. */
export function balanced(
  labels: readonly LabelList[], balance: { readonly power: number } | { readonly repeat: number }, place: ListPlace,
): Sequence & { readonly perEpoch?: number } {
  return 'power' in balance ? powered(labels, { ...place, power: balance.power }) : repeated(labels, { ...place, threshold: balance.repeat })
}

/**
 * Labels in proportion to their number of samples to a power: a mixture with a part per label, in blocks of as many samples as there are, or fewer where that
 * divides them exactly. Throws E_LOADER_PLAN for a label whose share is less than one sample of the largest block.
 */
function powered(labels: readonly LabelList[], { power, seed, name }: { readonly power: number } & ListPlace): Sequence {
  const samples = labels.reduce((sum, { list }) => sum + list.samples, 0)
  const shares = sharesOf(labels.map(({ list }) => toThe(power, list.samples)), Math.min(samples, largestBlock))
  const lost = shares.indexOf(0)
  if (lost !== -1) {
    throw new ToolkitError('E_LOADER_PLAN', `"${labels[lost]!.label}" would be less than one sample of ${largestBlock}`, {
      hint: 'take a smaller power, or leave it out by a filter' })
  }
  const parts = labels.map(({ label, list }, i) => ({ sequence: labelled(label, shuffled(list, { seed, name: [...name, label] })), share: shares[i]! }))
  return mixed(parts, { seed, name })
}

/** The same bits on every machine, which `**` does not promise. */
function toThe(power: number, count: number): number {
  if (power === 0 || power === 1) return power === 0 ? 1 : count
  return power === 0.5 ? Math.sqrt(count) : exp(power * ln(count))
}

function labelled(label: string, sequence: Sequence): Sequence {
  return { ...sequence, lists: sequence.lists.map((list) => ({ ...list, label })) }
}
