import { expect, test } from 'vitest'
import { ToolkitError } from '../src/errors.ts'
import { packFailure, unpackFailure } from '../src/thread-failure.ts'

const across = (error: unknown): Error => unpackFailure(structuredClone(packFailure(error)))

test('a failure is the same one on the other side of a thread: class, code, hint, exit and cause', () => {
  const error = new ToolkitError('E_DISK_FULL', 'no space left', { exit: 4, hint: 'free some', cause: new Error('ENOSPC') })
  const there = across(error)
  expect(there).toBeInstanceOf(ToolkitError)
  expect(there).toMatchObject({ code: 'E_DISK_FULL', message: 'no space left', exit: 4, hint: 'free some', stack: error.stack, cause: new Error('ENOSPC') })
})

test('our own bugs stay bugs, with what caused them', () => {
  const there = across(new Error('reading a failed', { cause: new TypeError('x is undefined') }))
  expect([there instanceof ToolkitError, there.message, (there.cause as Error).message]).toEqual([false, 'reading a failed', 'x is undefined'])
  expect(across('a text').message).toBe('a text')
})

test('what the operating system refused is still its refusal', () => {
  expect(across(Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'mkdir' }))).toMatchObject({ message: 'no such file', code: 'ENOENT', syscall: 'mkdir' })
})
