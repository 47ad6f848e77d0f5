import type { Random } from '../../../random.ts'
import type { MatInput } from './mat-writer.ts'

/** What is odd about a label file. */
export type LabelFlaw = {
  readonly kind: 'box-row-missing' | 'visibility-as-double' | 'joints-outside-image' | 'boxes-inside-out' | 'frames-without-joint' | 'clip-without-joint'
    | 'unfinished-zlib' | 'coordinates-as-uint8' | 'coordinates-as-uint16' | 'twelve-joints'
  /** Every flag that the clip has then. */
  readonly flags: readonly string[]
  /** What the file is quarantined with; null = it is read. */
  readonly code: string | null
  change(label: readonly MatInput[], random: Random): MatInput[]
}

type Numbers = Exclude<MatInput, { readonly kind: 'text' }>

/** Frames in a row that bear a flaw which a whole clip need not have. */
const STRETCH = 5

/** Quirks of the published label files, all that there are in 2,326, and one that a broken converter makes. */
export const labelFlaws: readonly LabelFlaw[] = [
  // 1154, 1865
  { kind: 'box-row-missing', flags: ['box-missing-last-frame'], code: null, change: (label) => changed(label, ['bbox'], (bbox) => withoutLast(bbox, 0)) },
  // 0743
  { kind: 'visibility-as-double', flags: ['visibility-not-logical'], code: null,
    change: (label) => changed(label, ['visibility'], (own) => ({ ...own, kind: 'double' })) },
  // 0979, 1021, 1024, 1032 look scaled twice
  { kind: 'joints-outside-image', flags: ['joints-outside-image'], code: null, change: (label) => withCoordinates(label, (value) => 2 * value) },
  // 0623 and others
  { kind: 'boxes-inside-out', flags: ['degenerate-box'], code: null, change: (label, random) => {
    const { during, frames } = stretch(label, random)
    return changed(label, ['bbox'], (own) => mapped(own, (value, cell) => (during(cell % frames) ? own.values[(cell + 2 * frames) % (4 * frames)]! : value)))
  } },
  // 0553 and others
  { kind: 'frames-without-joint', flags: ['frames-without-observed-joint'], code: null, change: (label, random) => {
    const { during, frames } = stretch(label, random)
    return changed(label, ['visibility'], (own) => mapped(own, (value, cell) => (during(cell % frames) ? 0 : value)))
  } },
  // 1516
  { kind: 'clip-without-joint', flags: ['frames-without-observed-joint', 'no-observed-joint'], code: null,
    change: (label) => changed(label, ['visibility'], (own) => mapped(own, () => 0)) },
  // x and y of 1605 and 1833
  { kind: 'unfinished-zlib', flags: [], code: null, change: (label) => changed(label, ['x', 'y'], (own) => ({ ...own, isUnfinished: true })) },
  // 41 and 90 files: MATLAB stores doubles in the smallest integers that hold them
  { kind: 'coordinates-as-uint8', flags: [], code: null, change: (label) => withCoordinates(label, (value) => Math.min(255, Math.round(value))) },
  { kind: 'coordinates-as-uint16', flags: [], code: null, change: (label) => withCoordinates(label, (value, cell) => (cell === 0 ? 256 : Math.round(value))) },
  { kind: 'twelve-joints', flags: [], code: 'E_PENN_DIMS', change: (label) => changed(label, ['x', 'y', 'visibility'], (own) => withoutLast(own, 1)) },
]

function withCoordinates(label: readonly MatInput[], change: (value: number, cell: number) => number): MatInput[] {
  return changed(label, ['x', 'y'], (own) => mapped(own, change))
}

function changed(label: readonly MatInput[], names: readonly string[], change: (own: Numbers) => Numbers): MatInput[] {
  return label.map((variable) => (variable.kind !== 'text' && names.includes(variable.name) ? change(variable) : variable))
}

function mapped(variable: Numbers, change: (value: number, cell: number) => number): Numbers {
  return { ...variable, values: Array.from(variable.values, change) }
}

/** One row (axis 0) or column (axis 1) less. */
function withoutLast(variable: Numbers, axis: 0 | 1): Numbers {
  const [rows, columns] = variable.dims
  const values = Array.from(variable.values).filter((_, cell) => (axis === 0 ? cell % rows < rows - 1 : cell < rows * (columns - 1)))
  return { ...variable, dims: axis === 0 ? [rows - 1, columns] : [rows, columns - 1], values }
}

function stretch(label: readonly MatInput[], random: Random): { during: (frame: number) => boolean; frames: number } {
  const [frames] = label.filter((variable) => variable.kind !== 'text').find(({ name }) => name === 'bbox')!.dims
  const start = random.integer(frames - STRETCH + 1)
  return { during: (frame) => frame >= start && frame < start + STRETCH, frames }
}
