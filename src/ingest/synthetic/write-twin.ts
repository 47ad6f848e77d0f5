import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatasetEntry } from '../../catalog.ts'
import { ToolkitError } from '../../errors.ts'
import { TWIN_FILE } from '../twin-file.ts'
import { type Twin, type TwinOptions, twins } from './twins.ts'

/**
 * Writes a synthetic twin of a data set into `dir`, in its own raw layout and file formats, with phases known: the same bytes for the same options.
 * Into a new or empty folder, or over a twin of the same options; E_TWIN_FOLDER for any other.
 */
export async function writeTwin(entry: DatasetEntry, dir: string, options: TwinOptions): Promise<Twin> {
  const { clips, seed, frames, video = false, flaws = false, ball = false } = options
  const twin = twins[entry.adapter]
  const most = twin?.most(entry, { ball }) ?? 0
  if (twin === undefined || most === 0) {
    throw new ToolkitError('E_TWIN_UNKNOWN', `there is no twin of "${entry.name}"${ball ? ' with a ball' : ''}: its layout is ${entry.adapter}, its skeleton ${entry.skeleton.name}`,
      { hint: `There is one of: ${ball ? 'penn-action' : Object.keys(twins).join(', ')}` })
  }
  if (!Number.isInteger(clips) || clips < 1 || clips > most) {
    throw new ToolkitError('E_TWIN_CLIPS', `${clips} clips; a twin of ${entry.name} has 1 to ${most}`)
  }
  const mark = `${JSON.stringify({ dataset: entry.name, clips, seed, frames, ...(video ? { video } : {}), ...(flaws ? { flaws } : {}), ...(ball ? { ball } : {}) })}\n`
  checkFolder(dir, mark)
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, TWIN_FILE), mark)
  const written = await twin.write(entry, dir, { ...options, video, flaws, ball })
  return { clips, frames: written.frames, files: written.files + 1, bytes: written.bytes + mark.length }
}

function checkFolder(dir: string, mark: string): void {
  if (!existsSync(dir)) return
  const hint = 'give a new folder, or remove this one'
  const twin = join(dir, TWIN_FILE)
  if (existsSync(twin)) {
    if (readFileSync(twin, 'utf8') !== mark) {
      throw new ToolkitError('E_TWIN_FOLDER', `${dir} holds another twin: ${readFileSync(twin, 'utf8').trim()}`, { hint })
    }
  } else if (readdirSync(dir).length > 0) throw new ToolkitError('E_TWIN_FOLDER', `${dir} is not empty`, { hint })
}
