import type { Quarantined } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import { isQuarantined, orQuarantined, quarantinedBy, type RawFile, type RawFolder } from '../../raw-folder.ts'
import { pairClasses } from './ikea-classes.ts'
import type { IkeaDatabase } from './ikea-database.ts'
import type { IkeaRoots } from './ikea-roots.ts'

/**
 * Holds `atomic_action_list.txt` (a class a line) and `action_object_relation_list.txt` (ids of its action and object, on the same line) against the classes
 * that labels are given by. Answers what they say differently: the lists are not used otherwise.
 */
export function checkLists(
  raw: RawFolder, { actionList, relationList }: IkeaRoots, database: IkeaDatabase | null, classes: readonly string[],
): Quarantined[] {
  const names = actionList === null ? null : orQuarantined(actionList, null, () => raw.read(actionList))
  const pairs = relationList === null ? null : orQuarantined(relationList, null, () => raw.read(relationList))
  const quarantined = [names, pairs].filter((read) => read !== null).filter((read) => isQuarantined(read))
  if (names === null || isQuarantined(names)) return quarantined
  const listed = linesOf(names)
  if (JSON.stringify([...listed].sort()) !== JSON.stringify(classes.slice(1).toSorted())) {
    const other = firstOther(listed, classes)
    return [...quarantined, refused(names, `the ${listed.length} classes are not the ${classes.length - 1} known ones; the first other one is "${other}"`)]
  }
  if (pairs === null || isQuarantined(pairs) || database === null) return quarantined
  const classOf = pairClasses(database, classes)
  const odd = linesOf(pairs).findIndex((line, at) => {
    const [action, object] = line.split(/\s+/).map(Number)
    return classOf(action!, object!) !== classes.indexOf(listed[at] ?? '')
  })
  if (odd === -1) return quarantined
  return [...quarantined, refused(pairs, `line ${odd + 1} is "${linesOf(pairs)[odd]}", which is not "${listed[odd]}" by the ids of the database`)]
}

function linesOf({ bytes }: RawFile): string[] {
  return bytes.toString('utf8').split('\n').map((line) => line.trim()).filter((line) => line !== '')
}

function firstOther(listed: readonly string[], classes: readonly string[]): string {
  return listed.find((name, at) => !classes.includes(name) || listed.indexOf(name) !== at) ?? classes.slice(1).find((name) => !listed.includes(name)) ?? ''
}

function refused(file: RawFile, message: string): Quarantined {
  const hint = 'labels go by the classes of the catalog; replace the list, or describe it there'
  return quarantinedBy(new ToolkitError('E_IKEA_LISTS', message, { hint }), file.path, file)
}
