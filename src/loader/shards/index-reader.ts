import type { ClipTable, LabelColumn } from '../clip-source.ts'
import type { Files } from './blocks.ts'
import type { Section } from './entry.ts'
import { type CodedName, codedNames, type NumericSection, numericSections } from './index-layout.ts'
import type { OpenedShards } from './opened.ts'

/** Lists of more texts than this are decoded each time. */
const MOST_KEPT = 2 ** 16

/** The index of an entry in one thread; sections are read, and checked, at their first use in the process. Everything throws E_SHARD_DAMAGED. */
export type IndexReader = ClipTable & {
  numbers<Name extends NumericSection>(name: Name): InstanceType<(typeof numericSections)[Name]>
  /** The text of a clip in a coded column, null = none. */
  text(name: CodedName, row: number): string | null
}

export function readIndex({ entry, index, sound }: OpenedShards, files: Files): IndexReader {
  const isSound = new Int32Array(sound)
  const places = new Map(entry.sections.map((section, at) => [section.name, { ...section, at }]))
  const memory = Buffer.from(index)
  const [views, columns] = [new Map<string, unknown>(), new Map<CodedName, LabelColumn>()]

  function sectionOf(name: string): Section {
    const section = places.get(name)
    if (section === undefined) throw new Error(`the index has no section "${name}"`)
    if (Atomics.load(isSound, section.at) === 0) {
      new Uint8Array(index).set(files.readBlock(entry.index.file, section.start, section.bytes, section.sha256), section.start)
      Atomics.store(isSound, section.at, 1)
    }
    return section
  }

  function viewOf<T>(name: string, make: (section: Section) => T): T {
    if (!views.has(name)) views.set(name, make(sectionOf(name)))
    return views.get(name) as T
  }

  const codesOf = (name: CodedName): Int32Array => viewOf(`${name}.codes`, ({ start, count }) => new Int32Array(index, start, count))

  /** Texts by number; so many of a list are kept once they have been asked for. */
  function textsOf(name: string): (at: number) => string {
    const offsets = viewOf(`${name}.offsets`, ({ start, count }) => new Uint32Array(index, start, count))
    const text = viewOf(`${name}.text`, ({ start, count }) => memory.subarray(start, start + count))
    const kept: string[] = []
    const decode = (at: number): string => text.toString('utf8', offsets[at]!, offsets[at + 1]!)
    return offsets.length > MOST_KEPT ? decode : (at) => (kept[at] ??= decode(at))
  }

  const ids = lazily(() => textsOf('id'))
  const coded = Object.fromEntries(codedNames.map((name) => [name, lazily(() => ({ codes: codesOf(name), textAt: textsOf(name) }))])) as
    Record<CodedName, () => { codes: Int32Array; textAt: (at: number) => string }>

  const numbers: IndexReader['numbers'] = <Name extends NumericSection>(name: Name) =>
    viewOf(name, ({ start, count }) => new (numericSections[name] as new (memory: SharedArrayBuffer, start: number, count: number) => object)(index, start, count) as InstanceType<(typeof numericSections)[Name]>)

  return {
    count: entry.clips,
    id: (row) => ids()(row),
    get frames() {
      return numbers('frames')
    },
    numbers,
    label(name) {
      if (!columns.has(name)) {
        const { codes, textAt } = coded[name]()
        columns.set(name, { names: Array.from({ length: sectionOf(`${name}.offsets`).count - 1 }, (_, code) => textAt(code)), codes })
      }
      return columns.get(name)!
    },
    text(name, row) {
      const { codes, textAt } = coded[name]()
      return codes[row] === -1 ? null : textAt(codes[row]!)
    },
  }
}

/** A value that is made when it is first asked for. */
function lazily<T>(make: () => T): () => T {
  let made: T | null = null
  return () => (made ??= make())
}
