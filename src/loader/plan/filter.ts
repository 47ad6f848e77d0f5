import { ToolkitError, unknownName } from '../../errors.ts'
import { type ClipTable, type LabelName, labelNames } from '../clip-source.ts'

/** Clips whose every named label is one of those listed, and whose length lies between the ends, both included. {} = all clips. */
export type Filter = { readonly [Name in LabelName]?: readonly string[] } & { readonly minFrames?: number; readonly maxFrames?: number }

/** Whether a row passes. Throws E_LOADER_LABEL for a label that no clip of the table has. */
export function passes(filter: Filter, clips: ClipTable): (row: number) => boolean {
  const { minFrames = 0, maxFrames = Infinity } = filter
  const { frames } = clips
  const labels = labelNames.flatMap((name) => (filter[name] === undefined ? [] : [wantedCodes(name, filter[name], clips)]))
  return (row) => {
    for (const { codes, wanted } of labels) if (wanted[codes[row]! + 1] === 0) return false
    return frames[row]! >= minFrames && frames[row]! <= maxFrames
  }
}

/** `wanted` [1 + names]: 1 for the codes that are wanted, counted from that of no label. */
function wantedCodes(name: LabelName, values: readonly string[], clips: ClipTable): { codes: Int32Array; wanted: Uint8Array } {
  const { names, codes } = clips.label(name)
  const wanted = new Uint8Array(1 + names.length)
  for (const value of values) {
    const code = names.indexOf(value)
    if (code === -1) throw unknownLabel(name, value, names)
    wanted[1 + code] = 1
  }
  return { codes, wanted }
}

/** Most names that an error lists. */
const mostNamed = 100

function unknownLabel(name: LabelName, value: string, names: readonly string[]): ToolkitError {
  if (names.length <= mostNamed) return unknownName('E_LOADER_LABEL', name, value, names)
  return new ToolkitError('E_LOADER_LABEL', `no ${name} "${value}"`, { hint: `There are ${names.length}, from ${names[0]!} to ${names.at(-1)!}` })
}
