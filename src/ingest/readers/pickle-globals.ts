import { fromLatin1 } from './pickle-bytes.ts'
import { addMember, setEntry } from './pickle-containers.ts'
import { type Cell, charge, COST, fail, type Global, isKind, kindOf, type Machine } from './pickle-machine.ts'

/** What a pickle may name, as `module name`. */
export type Globals = ReadonlyMap<string, Global>

/** A whitelist of calls by `module name`; null = it may only be named. */
export function whitelist(calls: Readonly<Record<string, Global['call']>>): Globals {
  return new Map(Object.entries(calls).map(([key, call]) => [key, { kind: 'global', name: key.replace(' ', '.'), call }]))
}

/** What the pickle names. Throws E_PICKLE_GLOBAL for everything that is not on the whitelist: nothing is imported, nothing is run. */
export function findGlobal(machine: Machine, module: string, name: string): Global {
  const global = machine.globals.get(`${module} ${name}`)
  if (global !== undefined) return global
  throw fail(machine, 'E_PICKLE_GLOBAL', `asks for ${shown(module)}.${shown(name)}, which is not read: nothing in a pickle is run`, machine.isNested
    ? 'the bytes of a tensor hold numbers and nothing else'
    : 'numbers, text, lists, tuples, dicts, sets, arrays of numpy and tensors of torch are read: save it again as these')
}

/** What a call of the pickle makes. */
export function callGlobal(machine: Machine, global: Cell, args: readonly Cell[]): Cell {
  if (!isKind(global, 'global') || global.call === null) throw fail(machine, 'E_PICKLE_CALL', `calls ${kindOf(global)}, which makes nothing that is read`)
  charge(machine, COST.container)
  return global.call(machine, args)
}

/** An error about arguments that what is called does not take. */
export function badArguments(machine: Machine, name: string, args: readonly Cell[]): Error {
  return fail(machine, 'E_PICKLE_CALL', `calls ${name} with (${args.slice(0, 8).map(kindOf).join(', ')}${args.length > 8 ? ', ...' : ''})`)
}

/** Types of Python that a defaultdict makes its values with. */
const types = ['list', 'dict', 'int', 'float', 'str', 'bool', 'tuple']

/** The containers and byte strings of Python's own library. */
export const pythonGlobals: Globals = whitelist({
  '_codecs encode': encode,
  'collections OrderedDict': orderedDict,
  'collections defaultdict': defaultDict,
  ...Object.fromEntries(['builtins', '__builtin__'].flatMap((module) => [
    ...types.map((type) => [`${module} ${type}`, null]),
    [`${module} set`, makeSet], [`${module} frozenset`, makeSet], [`${module} bytearray`, makeBytes], [`${module} bytes`, makeBytes],
  ])),
})

/** Bytes, as protocols below 3 have them: text of Latin-1. */
function encode(machine: Machine, args: readonly Cell[]): Uint8Array {
  const [text, encoding] = args
  if (typeof text !== 'string' || args.length !== 2 || !isLatin1(encoding)) throw badArguments(machine, '_codecs.encode', args)
  return fromLatin1(machine, text)
}

/** `bytearray()`, `bytearray(bytes)` and, below protocol 3, `bytearray(text, 'latin-1')`. */
function makeBytes(machine: Machine, args: readonly Cell[]): Uint8Array {
  const [from, encoding] = args
  if (args.length === 0) return new Uint8Array(0)
  if (args.length === 1 && from instanceof Uint8Array) return from
  if (args.length !== 2 || typeof from !== 'string' || !isLatin1(encoding)) throw badArguments(machine, 'bytearray', args)
  return fromLatin1(machine, from)
}

function makeSet(machine: Machine, args: readonly Cell[]): Set<Cell> {
  const [members = []] = args
  if (args.length > 1 || !Array.isArray(members)) throw badArguments(machine, 'set', args)
  const set = new Set<Cell>()
  for (const member of members as readonly Cell[]) addMember(machine, set, member)
  return set
}

/** `OrderedDict()`, and of Python 2 `OrderedDict([[key, value], ...])`. */
function orderedDict(machine: Machine, args: readonly Cell[]): Map<Cell, Cell> {
  const [pairs = []] = args
  const isPairs = Array.isArray(pairs) && pairs.every((pair: Cell) => Array.isArray(pair) && pair.length === 2)
  if (args.length > 1 || !isPairs) throw badArguments(machine, 'collections.OrderedDict', args)
  const dict = new Map<Cell, Cell>()
  for (const [key, value] of pairs as readonly (readonly [Cell, Cell])[]) setEntry(machine, dict, key, value)
  return dict
}

/** An empty dict; what it makes missing values with is not kept. */
function defaultDict(machine: Machine, args: readonly Cell[]): Map<Cell, Cell> {
  const [factory = null] = args
  if (args.length > 1 || (factory !== null && !isKind(factory, 'global'))) throw badArguments(machine, 'collections.defaultdict', args)
  return new Map()
}

function isLatin1(encoding: Cell | undefined): boolean {
  return encoding === 'latin1' || encoding === 'latin-1'
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80)).slice(1, -1)
}
