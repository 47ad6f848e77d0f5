/** What a person of IKEA ASM does with which object, by the ids of the database. */
export type Deed = readonly [action: number, object: number]

/** Table `atomic_actions`, from id 1, spaces as published. */
export const atomicActions = [
  'select atomic action', 'pick up ...', 'lay down  ... ', 'push ... ', 'align leg screw with table thread', 'spin leg', 'tighten leg', 'rotate table',
  'flip ...', 'attach shelf to table', 'align side panel holes with front panel dowels', 'attach drawer side panel', 'attach drawer back panel',
  'slide bottom of drawer', 'insert drawer pin', 'position the drawer right side up', 'other',
] as const

/** Table `objects`, from id 1. */
export const objects = [
  '', 'leg', 'table top', 'table', 'shelf', 'side panel', 'top panel', 'front panel', 'back panel', 'bottom panel', 'pin',
] as const

/** Table `furniture`, from id 1, misspelt as published; beside each its folder and the objects of table `furniture_object_relation`. */
export const furniture = [
  { name: 'Lack TV Bench', folder: 'Lack_TV_Bench', objects: [2, 3, 4, 5], firstRelation: 1 },
  { name: 'Lack Side Table', folder: 'Lack_Side_Table', objects: [2, 3, 4, 5], firstRelation: 6 },
  { name: 'Lack Coffe Table', folder: 'Lack_Coffee_Table', objects: [2, 3, 4, 5, 6], firstRelation: 11 },
  { name: 'Kallax Shelf Drawer', folder: 'Kallax_Shelf_Drawer', objects: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11], firstRelation: 16 },
] as const

/** The 32 pairs of action_object_relation_list.txt in its order; every other pair counts as no action. */
export const deeds: readonly Deed[] = [
  [2, 2], [2, 3], [2, 5], [2, 6], [2, 8], [2, 9], [2, 10], [2, 11], [3, 2], [3, 3], [3, 5], [3, 6], [3, 8], [3, 9], [3, 10], [4, 3], [4, 4], [5, 1], [6, 1],
  [7, 1], [8, 1], [9, 3], [9, 4], [9, 5], [10, 1], [11, 1], [12, 1], [13, 1], [14, 1], [15, 1], [16, 1], [17, 1],
]

/** The line of atomic_action_list.txt: `pick up leg`, `spin leg`. */
export function nameOf([action, object]: Deed): string {
  const name = atomicActions[action - 1]!
  return name.includes('...') ? `${name.slice(0, name.indexOf('...')).trim()} ${objects[object - 1]!}` : name
}

/** Class by label: 0 is NA, the others are sorted by name. */
export const classes: readonly string[] = ['NA', ...deeds.map(nameOf).sort()]

/** The label of a class. */
export function labelOf(deed: Deed): number {
  const label = classes.indexOf(nameOf(deed))
  if (label < 1) throw new Error(`no class "${nameOf(deed)}" in IKEA ASM`)
  return label
}
