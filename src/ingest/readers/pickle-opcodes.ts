import { latin1, line, take, unsigned, utf8, view } from './pickle-bytes.ts'
import { addItems, addMembers, append, container } from './pickle-containers.ts'
import { callGlobal, findGlobal } from './pickle-globals.ts'
import { type Cell, fail, kindOf, type Machine, pop, popMark, popped, push, pushMark, recall, remember, top } from './pickle-machine.ts'
import { buildState } from './pickle-numpy.ts'
import { floatLine, indexLine, intLine, longLine, quotedLine, twosComplement, unicodeLine } from './pickle-scalars.ts'

/** What an opcode does to the stack, and the name that pickletools gives it. */
export type Opcode = { readonly name: string; readonly run: (machine: Machine) => void }

type Run = Opcode['run']
const table: readonly (readonly [code: number, name: string, run: Run])[] = [
  [0x28, 'MARK', pushMark],
  [0x30, 'POP', (m) => { if (m.marks.at(-1) === m.stack.length) m.marks.pop(); else pop(m) }],
  [0x31, 'POP_MARK', (m) => { popMark(m) }],
  [0x32, 'DUP', (m) => push(m, top(m))],

  [0x4e, 'NONE', (m) => push(m, null)],
  [0x88, 'NEWTRUE', (m) => push(m, true)],
  [0x89, 'NEWFALSE', (m) => push(m, false)],
  [0x49, 'INT', (m) => push(m, intLine(m))],
  [0x4c, 'LONG', (m) => push(m, longLine(m))],
  [0x4a, 'BININT', (m) => push(m, m.bytes.readInt32LE(take(m, 4)))],
  [0x4b, 'BININT1', (m) => push(m, unsigned(m, 1))],
  [0x4d, 'BININT2', (m) => push(m, unsigned(m, 2))],
  [0x8a, 'LONG1', (m) => push(m, twosComplement(m, unsigned(m, 1)))],
  [0x8b, 'LONG4', (m) => push(m, twosComplement(m, unsigned(m, 4)))],
  [0x46, 'FLOAT', (m) => push(m, floatLine(m))],
  [0x47, 'BINFLOAT', (m) => push(m, m.bytes.readDoubleBE(take(m, 8)))],

  [0x53, 'STRING', (m) => push(m, quotedLine(m))],
  [0x54, 'BINSTRING', (m) => push(m, latin1(m, unsigned(m, 4)))],
  [0x55, 'SHORT_BINSTRING', (m) => push(m, latin1(m, unsigned(m, 1)))],
  [0x56, 'UNICODE', (m) => push(m, unicodeLine(m))],
  [0x58, 'BINUNICODE', (m) => push(m, utf8(m, unsigned(m, 4)))],
  [0x8c, 'SHORT_BINUNICODE', (m) => push(m, utf8(m, unsigned(m, 1)))],
  [0x8d, 'BINUNICODE8', (m) => push(m, utf8(m, unsigned(m, 8)))],
  [0x42, 'BINBYTES', (m) => push(m, view(m, unsigned(m, 4)))],
  [0x43, 'SHORT_BINBYTES', (m) => push(m, view(m, unsigned(m, 1)))],
  [0x8e, 'BINBYTES8', (m) => push(m, view(m, unsigned(m, 8)))],
  [0x96, 'BYTEARRAY8', (m) => push(m, view(m, unsigned(m, 8)))],

  [0x5d, 'EMPTY_LIST', (m) => push(m, container(m, []))],
  [0x6c, 'LIST', (m) => push(m, container(m, popMark(m)))],
  [0x61, 'APPEND', (m) => append(m, popped(m, 1))],
  [0x65, 'APPENDS', (m) => append(m, popMark(m))],
  [0x29, 'EMPTY_TUPLE', (m) => push(m, container(m, []))],
  [0x85, 'TUPLE1', (m) => push(m, container(m, popped(m, 1)))],
  [0x86, 'TUPLE2', (m) => push(m, container(m, popped(m, 2)))],
  [0x87, 'TUPLE3', (m) => push(m, container(m, popped(m, 3)))],
  [0x74, 'TUPLE', (m) => push(m, container(m, popMark(m)))],
  [0x7d, 'EMPTY_DICT', (m) => push(m, container(m, new Map()))],
  [0x64, 'DICT', (m) => fill(m, new Map(), addItems)],
  [0x73, 'SETITEM', (m) => addItems(m, popped(m, 2))],
  [0x75, 'SETITEMS', (m) => addItems(m, popMark(m))],
  [0x8f, 'EMPTY_SET', (m) => push(m, container(m, new Set()))],
  [0x90, 'ADDITEMS', (m) => addMembers(m, popMark(m))],
  [0x91, 'FROZENSET', (m) => fill(m, new Set(), addMembers)],

  [0x67, 'GET', (m) => recall(m, indexLine(m))],
  [0x68, 'BINGET', (m) => recall(m, unsigned(m, 1))],
  [0x6a, 'LONG_BINGET', (m) => recall(m, unsigned(m, 4))],
  [0x70, 'PUT', (m) => remember(m, indexLine(m), top(m))],
  [0x71, 'BINPUT', (m) => remember(m, unsigned(m, 1), top(m))],
  [0x72, 'LONG_BINPUT', (m) => remember(m, unsigned(m, 4), top(m))],
  [0x94, 'MEMOIZE', (m) => remember(m, m.memo.size, top(m))],

  [0x63, 'GLOBAL', (m) => { const module = line(m); push(m, findGlobal(m, module, line(m))) }],
  [0x93, 'STACK_GLOBAL', (m) => { const [module, name] = popped(m, 2); push(m, findGlobal(m, textOf(m, module!), textOf(m, name!))) }],
  [0x52, 'REDUCE', call],
  [0x81, 'NEWOBJ', call],
  [0x92, 'NEWOBJ_EX', (m) => { mustBeEmpty(m, pop(m)); call(m) }],
  [0x69, 'INST', (m) => { const module = line(m); const global = findGlobal(m, module, line(m)); push(m, callGlobal(m, global, popMark(m))) }],
  [0x6f, 'OBJ', (m) => { const [global, ...args] = popMark(m); push(m, callGlobal(m, global ?? null, args)) }],
  [0x62, 'BUILD', (m) => { const state = pop(m); buildState(m, top(m), state) }],
  [0x50, 'PERSID', (m) => push(m, persistent(m, line(m)))],
  [0x51, 'BINPERSID', (m) => push(m, persistent(m, pop(m)))],

  [0x80, 'PROTO', (m) => { const version = unsigned(m, 1); if (version > 5) throw fail(m, 'E_PICKLE_PROTOCOL', `says protocol ${version}; 0 to 5 are read`) }],
  [0x95, 'FRAME', (m) => { const length = unsigned(m, 8); m.at = take(m, length) }],
]

/** The opcodes of protocols 0 to 5 but STOP, extensions and buffers that lie outside the file: pickletools of CPython. */
export const opcodes: readonly (Opcode | undefined)[] = table.reduce<Opcode[]>((all, [code, name, run]) => {
  all[code] = { name, run }
  return all
}, [])

function call(machine: Machine): void {
  const [global, args] = popped(machine, 2)
  if (!Array.isArray(args)) throw fail(machine, 'E_PICKLE_CALL', `calls ${kindOf(global!)} with ${kindOf(args!)} in place of a tuple`)
  push(machine, callGlobal(machine, global!, args))
}

/** Pushes a container of the cells above the last mark. */
function fill(machine: Machine, made: Map<Cell, Cell> | Set<Cell>, add: (machine: Machine, cells: readonly Cell[]) => void): void {
  const cells = popMark(machine)
  push(machine, container(machine, made))
  add(machine, cells)
}

function textOf(machine: Machine, cell: Cell): string {
  if (typeof cell !== 'string') throw fail(machine, 'E_PICKLE_CALL', `names ${kindOf(cell)} in place of text`)
  return cell
}

function mustBeEmpty(machine: Machine, cell: Cell): void {
  if (!(cell instanceof Map) || cell.size > 0) throw fail(machine, 'E_PICKLE_CALL', `calls with ${kindOf(cell)} in place of no keywords`)
}

function persistent(machine: Machine, id: Cell): Cell {
  if (machine.persistent === null) throw fail(machine, 'E_PICKLE_PERSISTENT', 'asks for an object that lies outside the pickle')
  return machine.persistent(machine, id)
}
