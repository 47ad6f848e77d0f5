import { sha256 } from '../hash.ts'
import type { PlanItem } from './adapter.ts'
import { type RawFolder, slashed } from './raw-folder.ts'

/** What the inputs of an item look like from outside: names, sizes and times (of the content and, which no tool sets back, of any change). While it stays the same, the item is not read again. `sizes` = bytes by file. */
export function fingerprintOf(raw: RawFolder, { inputs, facts }: Pick<PlanItem, 'inputs' | 'facts'>): { fingerprint: string; sizes: ReadonlyMap<string, number> } {
  const lines: string[] = [JSON.stringify(facts)]
  const sizes = new Map<string, number>()
  const note = (path: string): void => {
    const stat = raw.stat(path)
    if (stat !== null && !stat.isFolder) sizes.set(path, stat.bytes)
    lines.push(stat === null ? `${path} is not there` : stat.isFolder ? path : `${path} ${stat.bytes} ${stat.modified} ${stat.changed}`)
  }
  for (const path of inputs) {
    note(path)
    if (raw.stat(path)?.isFolder === true) for (const { name, isFolder } of raw.list(path)) if (!isFolder) note(slashed(path, name))
  }
  return { fingerprint: sha256(lines.join('\n')).slice(0, 32), sizes }
}
