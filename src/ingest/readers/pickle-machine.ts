import { FormatError } from './format-error.ts'
import { type Budget, spend } from './ndarray.ts'
import type { Dtype } from './npy-dtype.ts'
import type { PickleValue } from './pickle-value.ts'

/** A name of the whitelist: what comes out when the pickle calls it, or null for one that is only ever named. */
export type Global = { readonly kind: 'global'; readonly name: string; readonly call: ((machine: Machine, args: readonly Cell[]) => Cell) | null }
/** A dtype of numpy's while the pickle makes it. */
export type DtypeCell = { readonly kind: 'dtype'; dtype: Dtype }
/** Numbers of torch's that tensors are views of. */
export type Storage = { readonly kind: 'storage'; readonly dtype: Extract<Dtype, { holds: 'numbers' }>; readonly numbers: number; readonly bytes: Uint8Array }
/** What the stack and the memo hold: values, the parts that arrays are made of, and arguments, which are both. */
export type Cell = PickleValue | Global | DtypeCell | Storage | readonly Cell[] | ReadonlyMap<Cell, Cell> | ReadonlySet<Cell>

type Kinds = Extract<Cell, { readonly kind: string }>

/** A pickle being read from `at` on; `opcode` is where the running opcode begins, `name` what it is called. */
export type Machine = {
  readonly bytes: Buffer
  at: number
  opcode: number
  name: string
  /** The byte of the file that byte 0 of `bytes` is; null = `bytes` were made from the file's byte `origin`. */
  readonly isCopy: boolean
  readonly origin: number
  readonly stack: Cell[]
  /** How high a stack is paid for. */
  height: number
  /** Heights of the stack at which marks lie. */
  readonly marks: number[]
  readonly memo: Map<number, Cell>
  readonly budget: Budget
  readonly globals: ReadonlyMap<string, Global>
  /** What a persistent id stands for; null = the pickle may have none. */
  readonly persistent: ((machine: Machine, id: Cell) => Cell) | null
  readonly isNested: boolean
}

/** How many bytes of memory a slot of the stack and of a list, an entry of a dict, a set or the memo, and a container itself take, at most. */
export const COST = { slot: 16, entry: 64, container: 256 } as const

/** So many slots of the stack are paid for at once. */
const STEP = 1024

/** What a Map and a Set of V8 can hold. */
const MAX_ENTRIES = 2 ** 24 - 1

/** A stack with nothing on it and a memo with nothing in it; its first slots are free. */
export function emptyStack(): Pick<Machine, 'stack' | 'height' | 'marks' | 'memo'> {
  return { stack: [], height: STEP, marks: [], memo: new Map() }
}

/** The byte of the file to name when byte `at` of the pickle is wrong. */
export function fileOffset({ origin, isCopy }: Machine, at: number): number {
  return isCopy ? origin : origin + at
}

/** An error at the running opcode. */
export function fail(machine: Machine, code: string, message: string, hint?: string): FormatError {
  const at = fileOffset(machine, machine.opcode)
  return new FormatError(code, `${machine.name} at byte ${at} ${message}`, at, hint === undefined ? {} : { hint })
}

/** Takes `bytes` of memory off the budget. */
export function charge(machine: Machine, bytes: number): void {
  spend(machine.budget, bytes, fileOffset(machine, machine.opcode))
}

export function push(machine: Machine, cell: Cell): void {
  charge(machine, COST.slot)
  machine.stack.push(cell)
  if (machine.stack.length <= machine.height) return
  charge(machine, COST.slot * STEP)
  machine.height += STEP
}

/** Puts a mark on the stack. */
export function pushMark(machine: Machine): void {
  charge(machine, 2 * COST.slot)
  machine.marks.push(machine.stack.length)
}

/** The topmost cell, which stays; it lies above the last mark. */
export function top(machine: Machine): Cell {
  mustHave(machine, 1)
  return machine.stack.at(-1)!
}

export function pop(machine: Machine): Cell {
  mustHave(machine, 1)
  return machine.stack.pop()!
}

/** The topmost cells, the lowest first. */
export function popped(machine: Machine, count: number): Cell[] {
  mustHave(machine, count)
  return machine.stack.splice(-count)
}

/** The cells above the last mark, which goes too. */
export function popMark(machine: Machine): Cell[] {
  const mark = machine.marks.pop()
  if (mark === undefined) throw fail(machine, 'E_PICKLE_STACK', 'finds no mark on the stack')
  const cells = machine.stack.splice(mark)
  charge(machine, COST.slot * cells.length)
  return cells
}

export function remember(machine: Machine, index: number, cell: Cell): void {
  mustHaveRoom(machine, machine.memo)
  machine.memo.set(index, cell)
}

export function recall(machine: Machine, index: number): void {
  const cell = machine.memo.get(index)
  if (cell === undefined) throw fail(machine, 'E_PICKLE_MEMO', `asks for entry ${index} of the memo, which has ${machine.memo.size} others`)
  push(machine, cell)
}

/** Whether a cell is a global, a dtype, a storage or an array of one kind. */
export function isKind<Kind extends Kinds['kind']>(cell: Cell | undefined, kind: Kind): cell is Extract<Kinds, { kind: Kind }> {
  return typeof cell === 'object' && cell !== null && 'kind' in cell && cell.kind === kind
}

/** What a cell is, for people: `a dict`, `text`, `an array`. */
export function kindOf(cell: Cell): string {
  if (cell === null) return 'None'
  if (Array.isArray(cell)) return 'a list'
  if (cell instanceof Map) return 'a dict'
  if (cell instanceof Set) return 'a set'
  if (cell instanceof Uint8Array) return 'bytes'
  if (isKind(cell, 'global')) return cell.name
  if (isKind(cell, 'dtype')) return `the dtype ${cell.dtype.name}`
  if (isKind(cell, 'storage')) return 'a storage of torch'
  if (typeof cell === 'object') return 'an array'
  return typeof cell === 'string' ? 'text' : typeof cell === 'boolean' ? 'a boolean' : 'a number'
}

function mustHave(machine: Machine, count: number): void {
  const { stack, marks } = machine
  if (stack.length - (marks.at(-1) ?? 0) < count) throw fail(machine, 'E_PICKLE_STACK', 'finds nothing on the stack')
}

/** Takes the memory of one more entry. Throws FormatError when a Map or a Set can hold no more. */
export function mustHaveRoom(machine: Machine, { size }: { readonly size: number }): void {
  charge(machine, COST.entry)
  if (size >= MAX_ENTRIES) throw fail(machine, 'E_PICKLE_LARGE', `adds to what has ${MAX_ENTRIES} entries, which is the most`)
}
