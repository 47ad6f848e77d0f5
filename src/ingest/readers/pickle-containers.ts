import { type Cell, charge, COST, fail, kindOf, type Machine, mustHaveRoom, top } from './pickle-machine.ts'

/** An empty container, or one of cells that are paid for. */
export function container<Container extends Cell[] | Map<Cell, Cell> | Set<Cell>>(machine: Machine, made: Container): Container {
  charge(machine, COST.container)
  return made
}

/** Adds to the list on the stack. */
export function append(machine: Machine, cells: readonly Cell[]): void {
  const list = top(machine)
  if (!Array.isArray(list)) throw notA(machine, 'list', list)
  charge(machine, COST.slot * cells.length)
  for (const cell of cells) list.push(cell)
}

/** Adds keys and values, in turn, to the dict on the stack. */
export function addItems(machine: Machine, cells: readonly Cell[]): void {
  const dict = top(machine)
  if (!(dict instanceof Map)) throw notA(machine, 'dict', dict)
  if (cells.length % 2 !== 0) throw fail(machine, 'E_PICKLE_STACK', `finds ${cells.length} keys and values, which are no pairs`)
  for (let at = 0; at < cells.length; at += 2) setEntry(machine, dict, cells[at]!, cells[at + 1]!)
}

/** Adds to the set on the stack. */
export function addMembers(machine: Machine, cells: readonly Cell[]): void {
  const set = top(machine)
  if (!(set instanceof Set)) throw notA(machine, 'set', set)
  for (const cell of cells) addMember(machine, set, cell)
}

export function setEntry(machine: Machine, map: Map<Cell, Cell>, key: Cell, value: Cell): void {
  mustHaveRoom(machine, map)
  map.set(key, value)
}

export function addMember(machine: Machine, set: Set<Cell>, member: Cell): void {
  mustHaveRoom(machine, set)
  set.add(member)
}

function notA(machine: Machine, what: string, found: Cell): Error {
  return fail(machine, 'E_PICKLE_CALL', `adds to ${kindOf(found)} in place of a ${what}`)
}
