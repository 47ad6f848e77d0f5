import { ndArray, type NdArray } from './ndarray.ts'
import { type Dtype, parseDtype } from './npy-dtype.ts'
import { placeOf, unsigned, view } from './pickle-bytes.ts'
import { badArguments, type Globals, whitelist } from './pickle-globals.ts'
import { type Cell, charge, emptyStack, fail, isKind, kindOf, type Machine, type Storage } from './pickle-machine.ts'
import { runPickle } from './pickle-run.ts'

/** torch.serialization.MAGIC_NUMBER and PROTOCOL_VERSION. */
const MAGIC = 0x1950a86a20f9469cfc6cn
const PROTOCOL = 1001

const dtypes: Readonly<Record<string, string>> = {
  Bool: '|b1', Byte: '|u1', Char: '|i1', Short: '<i2', Int: '<i4', Long: '<i8', Half: '<f2', Float: '<f4', Double: '<f8' }

/** What tensors of torch are made of when they are pickled, not saved. */
export const torchGlobals: Globals = whitelist({
  'torch.storage _load_from_bytes': loadFromBytes,
  'torch._utils _rebuild_tensor_v2': rebuildTensor,
})

const storages: Globals = whitelist(Object.fromEntries(Object.keys(dtypes).map((type) => [`torch ${type}Storage`, null])))

/**
 * What torch.save without zip writes of one storage: pickles of the magic number, the version, the system, the storage and the list of its keys; then how many
 * numbers it has, and the numbers (torch.serialization._legacy_save).
 */
function loadFromBytes(machine: Machine, args: readonly Cell[]): Storage {
  const [bytes] = args
  if (!(bytes instanceof Uint8Array) || args.length !== 1) throw badArguments(machine, 'torch.storage._load_from_bytes', args)
  charge(machine, bytes.length)
  const inner: Machine = {
    ...machine, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), at: 0, ...emptyStack(),
    origin: placeOf(machine, bytes), isCopy: bytes.buffer !== machine.bytes.buffer, globals: storages, persistent: storageOf, isNested: true,
  }
  if (next(inner) !== MAGIC || next(inner) !== PROTOCOL) throw fail(inner, 'E_PICKLE_TORCH', 'ends no magic number and version of torch.save')
  const system = next(inner)
  if (!(system instanceof Map) || system.get('little_endian') !== true) throw fail(inner, 'E_PICKLE_TORCH', 'ends no description of a little-endian system')
  const storage = next(inner)
  if (!isKind(storage, 'storage')) throw fail(inner, 'E_PICKLE_TORCH', `ends ${kindOf(storage)} in place of a storage`)
  const keys = next(inner)
  if (!Array.isArray(keys) || keys.length !== 1) throw fail(inner, 'E_PICKLE_TORCH', 'ends no list of one key')
  inner.name = 'the storage'
  inner.opcode = inner.at
  const numbers = unsigned(inner, 8)
  if (numbers !== storage.numbers) throw fail(inner, 'E_PICKLE_TORCH', `has ${numbers} numbers, ${storage.numbers} were announced`)
  return { ...storage, bytes: view(inner, numbers * storage.dtype.width) }
}

/** The value of the next of several pickles. */
function next(machine: Machine): Cell {
  machine.stack.length = 0
  machine.marks.length = 0
  machine.memo.clear()
  return runPickle(machine)
}

/** ('storage', its class, its key, where it was, how many numbers, null). */
function storageOf(machine: Machine, id: Cell): Storage {
  const [what, type, , , numbers, part = null] = Array.isArray(id) ? (id as readonly Cell[]) : []
  if (what !== 'storage' || !isKind(type, 'global') || !isIndex(numbers) || part !== null) {
    throw fail(machine, 'E_PICKLE_TORCH', 'asks for something other than a whole storage')
  }
  return { kind: 'storage', dtype: dtypeOf(type.name.replace(/^torch\.|Storage$/g, '')), numbers, bytes: new Uint8Array(0) }
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`: a view of a storage. */
function rebuildTensor(machine: Machine, args: readonly Cell[]): NdArray {
  const [storage, first, shape, strides] = args
  const isRight = isKind(storage, 'storage') && isIndex(first) && isIndices(shape) && isIndices(strides) && shape.length === strides.length
  if (!isRight) throw badArguments(machine, 'torch._utils._rebuild_tensor_v2', args)
  const { bytes, dtype } = storage
  return ndArray({ bytes, dtype, shape: [...shape], strides: [...strides], first, at: placeOf(machine, bytes) }, machine.budget) as NdArray
}

function dtypeOf(type: string): Storage['dtype'] {
  return parseDtype(dtypes[type]!) as Extract<Dtype, { holds: 'numbers' }>
}

function isIndex(cell: Cell | undefined): cell is number {
  return Number.isSafeInteger(cell) && (cell as number) >= 0
}

function isIndices(cell: Cell | undefined): cell is readonly number[] {
  return Array.isArray(cell) && cell.length <= 64 && cell.every(isIndex)
}
