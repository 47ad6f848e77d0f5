import type { Side } from '../../../split.ts'

export type PysklSplits = {
  /** Sides of a clip, by the split's name, and the one it is on where the file has exactly one split. */
  sidesOf(clip: string): { readonly sides: Readonly<Record<string, Side>>; readonly officialSplit: Side | null; readonly flags: readonly string[] }
  /** What splits and annotations do not have of one another, for people. */
  readonly missing: readonly string[]
  /** Lists whose names say no side. */
  readonly ignored: readonly string[]
}

/** The one split of a file that gives it no name: `train` and `val`. */
const UNNAMED = 'main'

/**
 * Reads lists of clips by name: `xsub_train` / `xsub_val` is the split `xsub`, `train1` / `test1` the split `split-1`, `train` / `val` alone the file's only
 * one. `val` is what the papers test on, unless the split has a `test` too: then it is validation. Tools/data of PYSKL.
 */
export function pysklSplits(lists: ReadonlyMap<string, readonly string[]>, clips: readonly string[]): PysklSplits {
  const parts = [...lists].map(([name, members]) => ({ name, members, ...partOf(name) }))
  const known = parts.filter((part): part is Part => part.split !== null)
  const names = new Set(known.map(({ split }) => split))
  const tested = new Set(known.filter(({ part }) => part === 'test').map(({ split }) => split))
  const sides = new Map<string, Map<string, Side>>()
  const torn = new Map<string, Set<string>>()
  for (const { split, part, members } of known) {
    const side = part === 'val' ? (tested.has(split) ? 'validation' : 'test') : part
    for (const clip of members) {
      const found = entryOf(sides, clip, () => new Map<string, Side>())
      if (found.has(split) && found.get(split) !== side) entryOf(torn, clip, () => new Set<string>()).add(split)
      found.set(split, side)
    }
  }
  return {
    sidesOf(clip) {
      const whole = [...sides.get(clip) ?? []].filter(([split]) => torn.get(clip)?.has(split) !== true)
      const flags = [...(lists.size > 0 && !sides.has(clip) ? ['in-no-split'] : []), ...(torn.has(clip) ? ['on-two-sides'] : [])]
      if (names.size > 1) return { sides: Object.fromEntries(whole), officialSplit: null, flags }
      return { sides: Object.fromEntries(whole.filter(([split]) => split !== UNNAMED)), officialSplit: whole[0]?.[1] ?? null, flags }
    },
    missing: missingOf(known, sides, clips, lists.size),
    ignored: parts.filter(({ split }) => split === null).map(({ name }) => name).sort(),
  }
}

type Part = { readonly name: string; readonly members: readonly string[]; readonly split: string; readonly part: 'train' | 'val' | 'test' }

function partOf(name: string): Pick<Part, 'split' | 'part'> | { split: null; part: null } {
  const [, prefix, part, digits] = /^(?:(.+)_)?(train|val|test)(\d*)$/.exec(name) ?? []
  if (part === undefined) return { split: null, part: null }
  const split = [prefix ?? (digits === '' ? UNNAMED : 'split'), ...(digits === '' ? [] : [digits])].join('-')
  return { split, part: part as Part['part'] }
}

function missingOf(parts: readonly Part[], sides: ReadonlyMap<string, unknown>, clips: readonly string[], lists: number): string[] {
  const there = new Set(clips)
  const absent = parts.map(({ name, members }) => ({ name, clips: [...new Set(members)].filter((clip) => !there.has(clip)) }))
  const unsorted = clips.filter((clip) => !sides.has(clip))
  return [
    ...(lists === 0 ? ['splits'] : []),
    ...absent.filter(({ clips }) => clips.length > 0).map(({ name, clips }) => `annotations of ${clips.length} clips of ${name}: ${listed(clips)}`),
    ...(lists === 0 || unsorted.length === 0 ? [] : [`a split for ${unsorted.length} of ${clips.length} annotations: ${listed(unsorted)}`]),
  ]
}

function entryOf<V>(map: Map<string, V>, key: string, make: () => V): V {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}

function listed(names: readonly string[]): string {
  return [...names.slice(0, 5), ...(names.length > 5 ? ['...'] : [])].join(', ')
}
