import type { IkeaDatabase } from './ikea-database.ts'

/** The number of the class of an atomic action and its object, by their ids; null = the pair is none of the classes and labels nothing. */
export type ClassOf = (action: number, object: number) => number | null

/**
 * The 32 pairs of `action_object_relation_list.txt`, from the names alone: `pick up ...` and `leg` are the class `pick up leg`; an action without dots is a
 * class by itself, and only with the object that has no name. `classes` are the labels by number, NA first.
 */
export function pairClasses({ actions, objects }: Pick<IkeaDatabase, 'actions' | 'objects'>, classes: readonly string[]): ClassOf {
  const numbers = new Map(classes.map((label, number) => [label, number]))
  return (action, object) => {
    const [name, thing] = [actions.get(action), objects.get(object)]
    if (name === undefined || thing === undefined || isCompound(name) !== (thing !== '')) return null
    return numbers.get(isCompound(name) ? `${verbOf(name)} ${thing}` : name) ?? null
  }
}

/** `pick up` of `pick up ...`. */
export function verbOf(name: string): string {
  return isCompound(name) ? name.slice(0, name.indexOf('...')).trim() : name
}

function isCompound(name: string): boolean {
  return name.includes('...')
}
