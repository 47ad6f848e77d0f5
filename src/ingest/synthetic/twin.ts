import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ActionEntry, DatasetEntry } from '../../catalog.ts'
import { ToolkitError } from '../../errors.ts'
import { randomAt } from '../../random.ts'
import { TWIN_FILE } from '../adapters/penn-discover.ts'
import { type Film, filmMotion } from './film.ts'
import { drawMotion } from './motion.ts'
import { performances } from './poses.ts'
import { drawStickFigure } from './stick-figure.ts'
import { writeMat } from './write-mat.ts'
import { writeNpy } from './write-npy.ts'

export type TwinOptions = { readonly clips: number; readonly seed: number; readonly frames: boolean; readonly signal?: AbortSignal }
export type TwinResult = { readonly clips: number; readonly frames: number; readonly files: number; readonly bytes: number }

/**
 * Writes a synthetic twin of Penn Action in its own raw layout: `labels/NNNN.mat`, TCC's `penn_action_labels/{train,val}/<name>/NNNN.npy`, `frames/NNNN/%06d.jpg`
 * when asked for, and `posetta-twin.json`, which marks it as a twin. The clips go round six actions; a number lies in the range of its action, 3 of 5 are for training. A clip
 * depends on its number and the seed only, so that a larger twin contains the smaller ones. Same entry, same options, same bytes.
 */
export async function writeTwin(entry: DatasetEntry, dir: string, options: TwinOptions): Promise<TwinResult> {
  const videos = listVideos(entry, options.clips)
  const marker = `${JSON.stringify({ format: 1, dataset: entry.name, clips: options.clips, seed: options.seed, frames: options.frames })}\n`
  const count = { frames: 0, files: 0, bytes: 0 }
  const write = async (path: string, bytes: Uint8Array | string): Promise<void> => {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), bytes)
    count.files++
    count.bytes += bytes.length
  }
  await mustBeFree(dir, marker)
  await write(TWIN_FILE, marker)
  for (const video of videos) {
    options.signal?.throwIfAborted()
    const { film, phases } = makeVideo(entry, video, options.seed)
    count.frames += film.frames
    await write(`labels/${video.number}.mat`, labelFile(video, film))
    await write(`penn_action_labels/${video.isTraining ? 'train' : 'val'}/${video.action.phases!.tccName}/${video.number}.npy`, writeNpy(phases))
    for (let frame = 0; options.frames && frame < film.frames; frame++) {
      options.signal?.throwIfAborted()
      await write(`frames/${video.number}/${String(frame + 1).padStart(6, '0')}.jpg`, drawStickFigure(film, frame, entry.skeleton))
    }
  }
  return { clips: videos.length, ...count }
}

type Video = { readonly number: string; readonly action: ActionEntry; readonly isTraining: boolean }

/** Round the actions: the first clip of each, the second of each, ... */
function listVideos({ name, adapter, skeleton, actionEntries }: DatasetEntry, clips: number): Video[] {
  if (adapter !== 'penn-action' || skeleton.name !== 'penn-13') {
    throw new ToolkitError('E_TWIN_DATASET', `there is no twin of "${name}": its layout is ${adapter}, its skeleton ${skeleton.name}`, { hint: 'there is one of: penn-action' })
  }
  const actions = actionEntries.filter(({ name, ids, phases }) => performances[name] !== undefined && ids !== null && phases !== null)
  const rounds = Math.max(0, ...actions.map(({ ids }) => ids![1] - ids![0] + 1))
  const videos = Array.from({ length: rounds }, (_, round) => actions.filter(({ ids }) => ids![0] + round <= ids![1]).map((action): Video => ({
    number: String(action.ids![0] + round).padStart(4, '0'), action, isTraining: round % 5 % 2 === 0 }))).flat()
  if (!Number.isInteger(clips) || clips < 1 || clips > videos.length) throw new ToolkitError('E_TWIN_CLIPS', `${clips} clips; a twin of ${name} has 1 to ${videos.length}`)
  return videos.slice(0, clips)
}

/** A folder with anything else in it stays as it is, above all a real download. */
async function mustBeFree(dir: string, marker: string): Promise<void> {
  if (!existsSync(dir) || readdirSync(dir).length === 0) return
  const found = existsSync(join(dir, TWIN_FILE)) ? await readFile(join(dir, TWIN_FILE), 'utf8') : null
  if (found === marker) return
  const what = found === null ? 'files that are no twin' : `another twin, ${found.trim()}`
  throw new ToolkitError('E_TWIN_FOLDER', `${dir} holds ${what}`, { hint: 'name a new or an empty folder' })
}

function makeVideo({ name, skeleton }: DatasetEntry, { number, action }: Video, seed: number): { film: Film; phases: readonly number[] } {
  const random = randomAt({ seed, clip: `${name}/${number}` })
  const { joints, phases } = drawMotion(performances[action.name]!, random.fork('motion'))
  return { film: filmMotion(joints, skeleton.joints, random.fork('film')), phases }
}

/** The nine variables of a label file in the order of the real ones. */
function labelFile({ action, isTraining }: Video, { view, width, height, frames, x, y, isVisible, boxes }: Film): Buffer {
  const joints = x.length / frames
  return writeMat({
    action: { kind: 'text', text: action.name },
    pose: { kind: 'text', text: view },
    x: { kind: 'numbers', class: 'double', dims: [frames, joints], values: x },
    y: { kind: 'numbers', class: 'double', dims: [frames, joints], values: y },
    visibility: { kind: 'numbers', class: 'logical', dims: [frames, joints], values: isVisible },
    train: { kind: 'numbers', class: 'int32', dims: [1, 1], values: [isTraining ? 1 : -1] },
    bbox: { kind: 'numbers', class: 'double', dims: [frames, 4], values: boxes },
    dimensions: { kind: 'numbers', class: 'double', dims: [1, 3], values: [height, width, frames] },
    nframes: { kind: 'numbers', class: 'double', dims: [1, 1], values: [frames] },
  })
}
