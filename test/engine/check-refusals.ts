import { expect, test } from 'vitest'
import { ToolkitError } from '../../src/errors.ts'

/** Tests that each node is refused with its message, the line that asked for it and the lines that made its operands, all of them lines of `file`. */
export function checkRefusals(file: string, refusals: readonly (readonly [message: string, make: () => unknown])[]): void {
  test.each(refusals)('refuses %s, and names the lines', (message, make) => {
    const error = refusalOf(make)
    expect(error.message.replace(/:\d+\)$/, ')')).toBe(`${message} (${file})`)
    expect(error.hint).toMatch(new RegExp(`^\\[[\\d, ]*\\] was made at ${file.replaceAll('.', '\\.')}:\\d+`))
  })
}

/** The error that `make` ends in. */
export function refusalOf(make: () => unknown): ToolkitError {
  try {
    make()
  } catch (error) {
    if (error instanceof ToolkitError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
