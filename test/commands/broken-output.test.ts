import { spawnSync } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bin } from './posetta.ts'

describe.skipIf(!existsSync('/dev/full'))('on a full disk', () => {
  const full = (): number => openSync('/dev/full', 'w')
  const ended = (args: readonly string[], stdio: ('pipe' | number)[]) => spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', stdio })

  test.each([[['models']], [['models', '--json']], [['--help']]])('%s ends with 4, and says on stderr that its answer is lost', (args) => {
    const { status, stderr } = ended(args, ['pipe', full(), 'pipe'])
    expect([status, stderr.replace(/^name [^]*?(?=E_)/, '')]).toEqual([4, expect.stringMatching(/^E_DISK_FULL: the answer cannot be written to stdout: ENOSPC[^\n]*\n {2}make room and ask again/)])
  })

  test.each([[['models'], 0], [['train', 'none'], 2]])('%s without a stderr ends as it would', (args, code) => {
    expect(ended(args, ['pipe', 'pipe', full()]).status).toBe(code)
  })
})
