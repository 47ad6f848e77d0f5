import { ToolkitError } from '../../errors.ts'
import type { ClipTable, LabelName } from '../clip-source.ts'
import { balanced } from './balance.ts'
import { passes } from './filter.ts'
import { mixed } from './mixture.ts'
import type { PlanSpec } from './plan-spec.ts'
import type { LabelList } from './repeats.ts'
import { rowsThat } from './rows-that.ts'
import type { ListName, Sequence } from './sequence.ts'
import { listOf } from './sample-list.ts'
import { largestBlock, sharesOf } from './shares.ts'
import { shuffled } from './shuffled.ts'

type EpochSequence = Sequence & { readonly perEpoch?: number }

/** Samples of the rows, without partners and buckets: the mixture of its parts, each of them balanced, or whatever of that the spec has. */
export function sequenceOf(spec: PlanSpec, rows: Uint32Array, clips: ClipTable): EpochSequence {
  if (spec.mixture === undefined) return partOf(rows, { spec, clips, name: [] })
  const parts = spec.mixture.map(({ where }) => rowsThat(passes(where, clips), rows))
  const empty = parts.findIndex((part) => part.length === 0)
  if (empty !== -1) throw refused(`part ${empty} of the mixture, ${JSON.stringify(spec.mixture[empty]!.where)}, has no clip`)
  const shares = sharesOf(spec.mixture.map(({ weight }) => weight), largestBlock)
  const lost = shares.indexOf(0)
  if (lost !== -1) throw refused(`part ${lost} of the mixture weighs ${spec.mixture[lost]!.weight}: less than one sample of ${largestBlock}`)
  const isShared = parts.reduce((sum, part) => sum + part.length, 0) > rows.length
  const tellApart = isShared ? holdersOf(parts, clips.count) : null
  const sequences = parts.map((part, number) => {
    const sequence = partOf(part, { spec, clips, name: [number] })
    const { at } = sequence
    const lists = sequence.lists.map((list) => ({ ...list, part: number }))
    return { ...sequence, lists, at: tellApart === null ? at : (k: number) => tellApart(at(k), number) }
  })
  const samples = isShared ? listOf(rows, { frames: clips.frames, windows: spec.windows }).samples : undefined
  const mixture = mixed(sequences.map((sequence, i) => ({ sequence, share: shares[i]! })), { seed: spec.seed, name: [] })
  return { ...mixture, samples: samples ?? mixture.samples }
}

type Part = { readonly spec: PlanSpec; readonly clips: ClipTable; readonly name: ListName }

function partOf(rows: Uint32Array, { spec: { seed, balance, windows }, clips, name }: Part): EpochSequence {
  const place = { seed, name }
  if (balance === undefined) return shuffled(listOf(rows, { frames: clips.frames, windows }), place)
  return balanced(byLabel(rows, clips, { by: balance.by, windows }), balance, place)
}

/** Most labels that can be balanced. */
const mostLabels = 65_536

/** A list for each label that a row has, in order of the labels. */
function byLabel(rows: Uint32Array, clips: ClipTable, { by, windows }: { by: LabelName; windows: PlanSpec['windows'] }): LabelList[] {
  const { names, codes } = clips.label(by)
  const counts = new Uint32Array(names.length)
  for (const row of rows) counts[codes[row]!]!++
  const labels = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  if (labels > mostLabels) throw refused(`balance by ${by}: ${labels} labels, at most ${mostLabels} can be balanced`)
  const members = new Map<number, Uint32Array>()
  for (const row of rows) {
    const code = codes[row]!
    if (!members.has(code)) members.set(code, new Uint32Array(counts[code]!))
    const rowsOfLabel = members.get(code)!
    rowsOfLabel[rowsOfLabel.length - counts[code]!--] = row
  }
  const codesInOrder = [...members.keys()].sort((a, b) => a - b)
  return codesInOrder.map((code) => ({ label: names[code]!, list: listOf(members.get(code)!, { frames: clips.frames, windows }) }))
}

/**
 * Clips that are in several parts come from each with repeats of their own: the m parts that hold a clip are counted 0 .. m - 1, and repeat r of number i
 * becomes r m + i. Two bytes for each clip of the table and part.
 */
function holdersOf(parts: readonly Uint32Array[], count: number): <Ref extends { readonly row: number; readonly repeat: number }>(sample: Ref, part: number) => Ref {
  const holders = new Uint16Array(count)
  const numbers = parts.map((rows) => {
    const numbers = new Uint16Array(count)
    for (const row of rows) numbers[row] = holders[row]!++
    return numbers
  })
  return (sample, part) => ({ ...sample, repeat: sample.repeat * holders[sample.row]! + numbers[part]![sample.row]! })
}

function refused(message: string): ToolkitError {
  return new ToolkitError('E_LOADER_PLAN', message, { hint: 'leave it out, or let it have more' })
}
