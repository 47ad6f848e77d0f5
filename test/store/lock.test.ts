import { execFileSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockFolder } from '../../src/store/lock.ts'
import { temporaryFolder } from './folder.ts'

async function folderLockedBy(name: string): Promise<string> {
  const folder = await temporaryFolder()
  await mkdir(join(folder, '.lock'))
  await writeFile(join(folder, '.lock', name), '')
  return folder
}

test('the lock of a dead process is taken over', async () => {
  const pid = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }))
  const folder = await folderLockedBy(`${hostname()}~${pid}~1~0`)
  const unlock = await lockFolder(folder)
  expect(await readdir(join(folder, '.lock'))).toEqual([expect.stringContaining(`~${process.pid}~`)])
  await unlock()
  expect(await readdir(folder)).toEqual([])
})

test.skipIf(process.platform !== 'linux')('so is that of an earlier process with the number of a living one', async () => {
  const folder = await folderLockedBy(`${hostname()}~${process.ppid}~1~0`)
  await (await lockFolder(folder))()
  expect(await readdir(folder)).toEqual([])
})

test('a lock of another machine is respected, and the error says how to break it', async () => {
  const folder = await folderLockedBy('elsewhere~12~1~0')
  await expect(lockFolder(folder)).rejects.toMatchObject({
    code: 'E_STORE_BUSY', message: `"${folder}" is being written by process 12 on elsewhere`,
    hint: `if that machine is no longer at it, remove "${join(folder, '.lock', 'elsewhere~12~1~0')}"` })
})

test('of two that come in the same instant exactly one gets in at a time', async () => {
  const folder = await temporaryFolder()
  let [inside, most] = [0, 0]
  const enter = async () => {
    const unlock = await lockFolder(folder).catch(() => null)
    if (unlock === null) return 0
    most = Math.max(most, ++inside)
    await new Promise((resolve) => setTimeout(resolve, 5))
    inside--
    await unlock()
    return 1
  }
  const entered = await Promise.all([enter(), enter()])
  expect(most).toBe(1)
  expect(entered).toContain(1)
})
