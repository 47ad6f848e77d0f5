import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { DatasetEntry } from '../../catalog.ts'
import { ToolkitError } from '../../errors.ts'
import { TWIN_FILE } from '../adapters/penn-discover.ts'
import { listTwinVideos, writePennVideo } from './penn-twin.ts'

export type TwinOptions = {
  /** Videos in all, shared evenly among five actions. */
  readonly clips: number
  readonly seed: number
  /** JPEG stick figures beside the labels. */
  readonly frames: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}
/** Videos between two turns of the event loop. */
const VIDEOS_PER_TURN = 4

export type Twin = { readonly clips: number; readonly frames: number; readonly files: number; readonly bytes: number }

/**
 * Writes a synthetic twin of a data set into `dir`, in its own raw layout and file formats, with phases known: the same bytes for the same options.
 * Into a new or empty folder, or over a twin of the same options; E_TWIN_FOLDER for any other.
 */
export async function writeTwin(entry: DatasetEntry, dir: string, { clips, seed, frames, signal, onProgress }: TwinOptions): Promise<Twin> {
  if (entry.adapter !== 'penn-action' || entry.skeleton.name !== 'penn-13') {
    throw new ToolkitError('E_TWIN_UNKNOWN', `there is no twin of "${entry.name}": its layout is ${entry.adapter}, its skeleton ${entry.skeleton.name}`,
      { hint: 'There is one of: penn-action' })
  }
  const videos = listTwinVideos(entry)
  if (!Number.isInteger(clips) || clips < 1 || clips > videos.length) {
    throw new ToolkitError('E_TWIN_CLIPS', `${clips} clips; a twin of ${entry.name} has 1 to ${videos.length}`)
  }
  const mark = `${JSON.stringify({ dataset: entry.name, clips, seed, frames })}\n`
  checkFolder(dir, mark)
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, TWIN_FILE), mark)
  const written = { clips, frames: 0, files: 1, bytes: mark.length }
  for (const [done, video] of videos.slice(0, clips).entries()) {
    if (done % VIDEOS_PER_TURN === 0) await setImmediate()
    signal?.throwIfAborted()
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
    if (readFileSync(twin, 'utf8') !== mark) {
      throw new ToolkitError('E_TWIN_FOLDER', `${dir} holds another twin: ${readFileSync(twin, 'utf8').trim()}`, { hint })
    }
  } else if (readdirSync(dir).length > 0) throw new ToolkitError('E_TWIN_FOLDER', `${dir} is not empty`, { hint })
}
