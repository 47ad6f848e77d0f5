import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Gives a run of tests a temporary folder of its own, and takes it away with all they left there. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-test-'))
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
