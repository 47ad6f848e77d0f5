import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder in memory: stores are written durably, and half the time of the tests would be the disk's. */
const MEMORY = '/dev/shm'
/** Bytes that the tests have at hand there. */
const ROOM = 4 * 2 ** 30

/** Gives a run of tests a temporary folder of its own, and takes it away with all they left there. TMPDIR says where; without it, in memory if there is room. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(process.env['TMPDIR'] === undefined && hasRoom() ? MEMORY : tmpdir(), 'posetta-test-'))
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize > ROOM
  } catch {
    return false
  }
}
