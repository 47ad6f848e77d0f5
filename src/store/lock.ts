import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'
import { ToolkitError } from '../errors.ts'
import { hashWords } from '../hash.ts'
import { type Disk, realDisk } from './disk.ts'
import { makeFolder } from './durable.ts'

const ATTEMPTS = 4
let taken = 0

/**
 * Makes this the only writer of a folder, until the function it answers with is called. Every writer puts a file of its own name (host, process, start of
 * the process, thread and count) into `.lock/` and goes on when it is alone there; files of processes that are no more are removed, which is safe because
 * no other process ever has that name. Writers of different `part`s of one work share the folder. Throws E_STORE_BUSY while another one is at work.
 */
export async function lockFolder(folder: string, { part = null, disk = realDisk }: { part?: string | null; disk?: Disk } = {}): Promise<() => Promise<void>> {
  const locks = join(folder, '.lock')
  const name = `${hostname()}~${process.pid}~${await startOf(process.pid)}~${threadId}.${taken++}~${part ?? 'all'}`
  for (let attempt = 1; ; attempt++) {
    await enter(locks, name, disk)
    const others = (await otherWriters(locks, name, disk)).filter((other) => part === null || partOf(other) === 'all' || partOf(other) === part || !sameWork(partOf(other), part))
    if (others.length === 0) return () => unlock(locks, name, disk)
    await unlock(locks, name, disk)
    if (attempt === ATTEMPTS) throw busy(folder, locks, others[0]!)
    // two that came in the same instant have both stepped back: they come again after different times
    await setTimeout(5 + (hashWords(`${name} ${attempt}`)[0] % 64))
  }
}

/** The folder may go between its making and the writing: its last owner removes it. */
async function enter(locks: string, name: string, disk: Disk): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await makeFolder(locks, disk)
    const error = await disk.open(join(locks, name), 'w').then((handle) => handle.close()).then(() => null, (error: NodeJS.ErrnoException) => error)
    if (error === null) return
    if (error.code !== 'ENOENT' || attempt === ATTEMPTS) throw error
  }
}

async function unlock(locks: string, name: string, disk: Disk): Promise<void> {
  await disk.rm(join(locks, name), { force: true })
  await disk.rmdir(locks).catch(() => {})
}

async function otherWriters(locks: string, name: string, disk: Disk): Promise<string[]> {
  const others = []
  for (const other of await disk.readdir(locks)) {
    if (other === name) continue
    if (await isAlive(other)) others.push(other)
    else await disk.rm(join(locks, other), { force: true })
  }
  return others
}

/** Who has left a file in `.lock/`: the writer at work, or one that is no more; on another machine nobody can tell (`isAlive` null). */
export type Writer = { readonly file: string; readonly host: string; readonly pid: number; readonly isAlive: boolean | null }

/** The writers of a folder, whether or not they are still at it. */
export async function listWriters(folder: string, disk: Disk = realDisk): Promise<Writer[]> {
  const names = (await disk.readdir(join(folder, '.lock')).catch(() => [])).sort()
  return Promise.all(names.map(async (name) => {
    const [host = '', pid] = name.split('~')
    return { file: join(folder, '.lock', name), host, pid: Number(pid), isAlive: host === hostname() ? await isAlive(name) : null }
  }))
}

function partOf(name: string): string {
  return name.split('~')[4] ?? 'all'
}

/** Parts `I-of-N` of one N. */
function sameWork(a: string, b: string): boolean {
  return a.split('-of-')[1] === b.split('-of-')[1]
}

/** A writer on another machine counts as alive: nothing here can tell. */
async function isAlive(name: string): Promise<boolean> {
  const [host, pid, start] = name.split('~')
  if (host !== hostname()) return true
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return start === await startOf(Number(pid))
}

/** When a process began, in clock ticks since boot (field 22 of Linux's /proc/pid/stat), so that a number used again is not taken for its first owner. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
}

function busy(folder: string, locks: string, other: string): ToolkitError {
  const [host, pid] = other.split('~')
  const here = host === hostname()
  return new ToolkitError('E_STORE_BUSY', `"${folder}" is being written by process ${pid}${here ? '' : ` on ${host}`}`, {
    hint: here ? 'wait until it has finished, then run the same command again' : `if that machine is no longer at it, remove "${join(locks, other)}"` })
}
