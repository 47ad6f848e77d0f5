import { describe, expect, test } from 'vitest'
import { writeFailure } from '../src/write-failure.ts'

const systems = (code: string): Error => Object.assign(new Error(`${code}: it says so, open 'runs/a.json'`), { code, syscall: 'open' })

describe('a failure to write', () => {
  test.each([systems('ENOSPC'), systems('EDQUOT'), new Error('IO Error: Could not write all bytes to file "runs/a.parquet.tmp": No space left on device')])('%s is a full disk, under way', (cause) => {
    expect(writeFailure(cause, 'runs/a')).toMatchObject({ code: 'E_DISK_FULL', exit: 4, message: 'no space left on the disk of "runs/a"', cause })
  })

  test.each([
    [systems('EROFS'), 'the file system is read-only'],
    [new Error('IO Error: Cannot open file "runs/a.parquet.tmp": Read-only file system'), 'the file system is read-only'],
    [systems('EACCES'), 'permission denied'],
  ])('%s is a folder that cannot be written', (cause, why) => {
    expect(writeFailure(cause, 'runs/a')).toMatchObject({ code: 'E_RUNS_READ_ONLY', exit: 2, message: `cannot write "runs/a": ${why}`, cause })
  })

  test('anything else is what it was', () => {
    const other = systems('EMFILE')
    expect(writeFailure(other, 'runs/a')).toBe(other)
  })
})
