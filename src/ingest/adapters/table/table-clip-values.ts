import { clipKeys } from '../../../catalog-layout.ts'
import type { DatasetEntry } from '../../../catalog.ts'
import type { Clip } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Side } from '../../../split.ts'

/** What is said about a clip, and where: the name of a file, a row of a table. Keys are the catalog's columns; a further split's is `sides.` and its name. */
export type ClipValues = Map<string, { readonly value: string; readonly where: string }>

/** What a clip takes from them. */
export type ClipFields = Pick<Clip, 'group' | 'fps' | 'width' | 'height' | 'labels'>

/** Notes what is said about a clip; an empty cell says nothing. Throws E_CLIP_VALUE when two places disagree. */
export function noteValue(values: ClipValues, key: string, { value, where }: { value: string; where: string }): void {
  if (value === '') return
  const before = values.get(key)
  if (before === undefined) values.set(key, { value, where })
  else if (before.value !== value) {
    throw new ToolkitError('E_CLIP_VALUE', `the ${key} of the clip is "${before.value}" (${before.where}) and "${value}" (${where})`, {
      hint: `a clip has one ${key}; where a column of that name means something else, the catalog says columns: { ${key}: null }` })
  }
}

type ClipColumns = { readonly keys: readonly string[]; readonly named: Readonly<Record<string, string | null | undefined>> }

/** The columns of a table that are about whole clips, by the keys under which their values are noted. */
export function clipColumns(columns: Readonly<Record<string, unknown>>): ClipColumns {
  const sides = Object.entries((columns['sides'] ?? {}) as Record<string, string>).map(([split, name]) => [`sides.${split}`, name] as const)
  const named = Object.fromEntries([...clipKeys.map((key) => [key, columns[key] as string | null | undefined] as const), ...sides])
  return { keys: Object.keys(named), named }
}

/** px of a picture, where they are known. */
export type Size = { readonly width: number | null; readonly height: number | null }

/** Labels, group, rate and size of a clip; `size` = the picture's where nobody says it. Throws E_CLIP_SIDE, E_CLIP_VALUE, E_CLIP_SIZE. */
export function clipFields(entry: DatasetEntry, id: string, values: ClipValues, size: Size): ClipFields {
  const text = (key: string): string | null => values.get(key)?.value ?? null
  const group = text('group')
  const width = sizeOf(values, 'width') ?? entry.layout!.width ?? size.width
  const height = sizeOf(values, 'height') ?? entry.layout!.height ?? size.height
  if ((width === null || height === null) && ['px', 'normalised'].includes(entry.layout!.unit)) {
    throw new ToolkitError('E_CLIP_SIZE', 'nothing says how large the picture is', {
      hint: 'the catalog may: layout: { width: 1920, height: 1080 }, or columns of that name' })
  }
  const splits = [...values.keys()].filter((key) => key.startsWith('sides.')).sort()
  return {
    group: group === null ? id : `${entry.name}/${group}`, fps: positive(values, 'fps') ?? entry.fps, width: width ?? 0, height: height ?? 0,
    labels: {
      action: text('action'), officialSplit: sideOf(values, 'side'),
      sides: Object.fromEntries(splits.map((key) => [key.slice('sides.'.length), sideOf(values, key)!])),
      view: text('view'), subject: text('subject'), scene: text('scene'), camera: text('camera'), phases: null, segments: [],
    },
  }
}

const sides: Readonly<Record<string, Side>> = {
  train: 'train', training: 'train', validation: 'validation', val: 'validation', valid: 'validation', dev: 'validation', test: 'test', testing: 'test',
}

function sideOf(values: ClipValues, key: string): Side | null {
  const said = values.get(key)
  if (said === undefined) return null
  const side = sides[said.value.toLowerCase()]
  if (side !== undefined) return side
  throw new ToolkitError('E_CLIP_SIDE', `"${said.value}" (${said.where}) is no side of a split`, { hint: `sides are ${Object.keys(sides).join(', ')}` })
}

function positive(values: ClipValues, key: string): number | null {
  const said = values.get(key)
  if (said === undefined) return null
  const number = Number(said.value)
  if (Number.isFinite(number) && number > 0) return number
  throw new ToolkitError('E_CLIP_VALUE', `the ${key} of the clip is "${said.value}" (${said.where}), no positive number`)
}

function sizeOf(values: ClipValues, key: string): number | null {
  const number = positive(values, key)
  if (number === null || Number.isInteger(number)) return number
  throw new ToolkitError('E_CLIP_VALUE', `the ${key} of the clip is "${values.get(key)!.value}" (${values.get(key)!.where}), no whole number of px`)
}
