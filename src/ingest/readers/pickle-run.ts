import { FormatError } from './format-error.ts'
import { opcodes } from './pickle-opcodes.ts'
import { type Cell, fail, fileOffset, type Machine, pop } from './pickle-machine.ts'

const STOP = 0x2e

/** Runs a pickle to its STOP, behind which `machine.at` then stands, and answers what it leaves on the stack. Throws FormatError. */
export function runPickle(machine: Machine): Cell {
  const { bytes } = machine
  for (;;) {
    if (machine.at >= bytes.length) {
      const at = fileOffset(machine, machine.at)
      throw new FormatError('E_PICKLE_SHORT', `the pickle ends at byte ${at} without a STOP`, at)
    }
    machine.opcode = machine.at
    const code = bytes[machine.at++]!
    if (code === STOP) {
      machine.name = 'STOP'
      return pop(machine)
    }
    const opcode = opcodes[code]
    machine.name = opcode?.name ?? `the byte 0x${code.toString(16).padStart(2, '0')}`
    if (opcode === undefined) throw fail(machine, 'E_PICKLE_OPCODE', 'is no opcode that is read')
    opcode.run(machine)
  }
}
