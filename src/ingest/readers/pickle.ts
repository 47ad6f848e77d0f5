import { FormatError } from './format-error.ts'
import type { Budget } from './ndarray.ts'
import { checkValue } from './pickle-check.ts'
import { pythonGlobals } from './pickle-globals.ts'
import { emptyStack, fileOffset, type Machine } from './pickle-machine.ts'
import { numpyGlobals } from './pickle-numpy.ts'
import { runPickle } from './pickle-run.ts'
import type { PickleValue } from './pickle-value.ts'
import { torchGlobals } from './torch-storage.ts'

const globals = new Map([...pythonGlobals, ...numpyGlobals, ...torchGlobals])

/**
 * Reads a pickle of protocol 0 to 5: None, booleans, numbers, text, bytes, lists, tuples, dicts, sets, arrays of numpy and tensors of torch. Opcodes are read
 * as pickletools of CPython describes them; no code is ever run, and names outside a whitelist are refused. Whatever the bytes are, it answers or throws
 * FormatError; what it makes stays within `maxBytes` (1 GB and twice the file, unless the caller says otherwise). Bytes and the numbers of arrays are views
 * of `bytes`, which must not change.
 */
export function readPickle(bytes: Uint8Array, { maxBytes = 2 ** 30 + 2 * bytes.length }: { maxBytes?: number } = {}): PickleValue {
  return unpickle(bytes, 0, { left: maxBytes, most: maxBytes, code: 'E_PICKLE_LARGE' })
}

/** Reads the pickle that begins at byte `at` and ends where the file does. */
export function unpickle(bytes: Uint8Array, at: number, budget: Budget): PickleValue {
  const machine: Machine = {
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), at, opcode: at, name: '', origin: 0, isCopy: false, ...emptyStack(), budget,
    globals, persistent: null, isNested: false,
  }
  const value = runPickle(machine)
  if (machine.at !== bytes.length) {
    const end = fileOffset(machine, machine.at)
    throw new FormatError('E_PICKLE_TRAILING', `the pickle ends at byte ${end}, and ${bytes.length - end} bytes follow`, end)
  }
  return checkValue(machine, value)
}
