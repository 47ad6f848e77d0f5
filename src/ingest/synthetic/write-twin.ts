import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatasetEntry } from '../../catalog.ts'
import { ToolkitError } from '../../errors.ts'
import { TWIN_FILE } from '../adapters/penn-discover.ts'
import { planPennTwin, writePennVideo } from './penn-twin.ts'

export type TwinOptions = {
  /** Videos in all, shared evenly among the actions. */
  readonly clips: number
  readonly seed: number
  /** JPEG stick figures beside the labels. */
  readonly frames: boolean
  readonly onProgress?: (done: number, total: number) => void
}
export type Twin = { readonly clips: number; readonly frames: number; readonly files: number; readonly bytes: number }

/**
 * Writes a synthetic twin of a data set into `dir`, in its own raw layout and file formats, with phases known: the same bytes for the same options.
 * Into a new or empty folder, or over a twin of the same options; E_TWIN_FOLDER for any other.
 */
export async function writeTwin(entry: DatasetEntry, dir: string, { clips, seed, frames, onProgress }: TwinOptions): Promise<Twin> {
  if (entry.adapter !== 'penn-action') throw new ToolkitError('E_TWIN_UNKNOWN', `no twin of ${entry.name} can be written`, { hint: 'There is one of penn-action' })
  if (!Number.isInteger(clips) || clips < 1 || clips > 9999) throw new ToolkitError('E_TWIN_CLIPS', `${clips} clips; 1 to 9999 can be written`)
  const mark = `${JSON.stringify({ dataset: entry.name, clips, seed, frames })}\n`
  checkFolder(dir, mark)
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, TWIN_FILE), mark)
  const written = { clips, frames: 0, files: 1, bytes: mark.length }
  for (const [done, video] of planPennTwin(entry, clips).entries()) {
    const { frames: length, files, bytes } = writePennVideo(entry, dir, video, { seed, frames })
    written.frames += length
    written.files += files
    written.bytes += bytes
    onProgress?.(done + 1, clips)
  }
  return written
}

function checkFolder(dir: string, mark: string): void {
  if (!existsSync(dir)) return
  const hint = 'give a new folder, or remove this one'
  const twin = join(dir, TWIN_FILE)
  if (existsSync(twin)) {
    if (readFileSync(twin, 'utf8') !== mark) throw new ToolkitError('E_TWIN_FOLDER', `${dir} holds another twin: ${readFileSync(twin, 'utf8').trim()}`, { hint })
  } else if (readdirSync(dir).length > 0) throw new ToolkitError('E_TWIN_FOLDER', `${dir} is not empty`, { hint })
}
