import type { DatasetEntry } from '../catalog.ts'

/**
 * The classes that actions are numbered by, from 0: the data set's own numbers where the catalog has them (`classes.action`), else the catalog's order of its
 * actions, else the number in the name where every action is called `class N`, else sorted. `found` are the actions of all clips in the store, whether they are
 * exported or not, so that a label means the same in every split.
 */
export function labelMap({ classes, actions }: Pick<DatasetEntry, 'classes' | 'actions'>, found: ReadonlySet<string>): string[] {
  const listed = [classes['action'] ?? [], actions].find((names) => found.size > 0 && [...found].every((action) => names.includes(action)))
  if (listed !== undefined) return [...listed]
  const numbers = [...found].map((action) => Number(/^class (\d{1,6})$/.exec(action)?.[1] ?? NaN))
  if (found.size === 0 || numbers.some(Number.isNaN)) return [...found].sort()
  return Array.from({ length: Math.max(...numbers) + 1 }, (_, label) => `class ${label}`)
}
