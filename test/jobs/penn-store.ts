import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clip } from '../../src/clip.ts'
import { randomAt } from '../../src/random.ts'
import { hashSides } from '../../src/split.ts'
import { readManifest, writeClips, writeSplit } from '../../src/store/index.ts'
import { temporaryFolder } from '../store/folder.ts'

const joints = [
  'head', 'left_shoulder', 'right_shoulder', 'left_elbow', 'right_elbow', 'left_wrist', 'right_wrist', 'left_hip', 'right_hip', 'left_knee',
  'right_knee', 'left_ankle', 'right_ankle']
const skeletons = [{ name: 'penn-13', joints }]

/** A clip of 13 joints that swing once, each at its own phase: `penn-action/<number>`. */
export function swinging(number: number, { frames = 10 + (number % 7), action = 'pullup', flags = [] as readonly string[] } = {}): Clip {
  const id = `penn-action/${String(number).padStart(4, '0')}`
  const random = randomAt({ seed: number })
  const size = random.between(60, 120)
  const keypoints = Float32Array.from({ length: frames * 13 * 3 }, (_, at) => {
    const [frame, joint, axis] = [Math.floor(at / 39), Math.floor(at / 3) % 13, at % 3]
    return axis === 2 ? 1 : 150 + size * Math.sin((Math.PI * frame) / frames + joint * (1 + axis))
  })
  return {
    id, dataset: 'penn-action', group: id, skeleton: 'penn-13', fps: null, width: 320, height: 240, frames, persons: 1, joints: 13, dims: 2,
    source: 'manual', keypoints, states: new Uint8Array(frames * 13), raw: new Float32Array(frames * 26),
    time: Float32Array.from({ length: frames }, (_, t) => t), boxes: null, signals: null, calibration: null, unit: 'px',
    labels: { action, officialSplit: 'train', view: null, subject: null, scene: null, camera: null, phases: null, sides: {}, segments: [] }, flags, files: [],
  }
}

/** A folder that is gone when the run of the tests is. */
export const lastingFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'posetta-penn-'))

const written = new Map<readonly Clip[], Promise<string>>()

/** A store that holds the clips as penn-action, and a split `official` with all of them to train on but the last, to test on. It is written once for a list of clips, and copied. */
export async function storeOf(clips: readonly Clip[], folder = temporaryFolder): Promise<{ storeDir: string; runsDir: string }> {
  if (!written.has(clips)) written.set(clips, writeStore(clips))
  const [storeDir, runsDir] = [await folder(), await folder()]
  await cp(await written.get(clips)!, storeDir, { recursive: true })
  return { storeDir, runsDir }
}

async function writeStore(clips: readonly Clip[]): Promise<string> {
  const storeDir = await lastingFolder()
  await writeClips({ storeDir, dataset: 'penn-action', skeletons, clips })
  await splitOf(storeDir, clips.map(({ id }) => id).sort())
  return storeDir
}

/** The split `official` of a data set: the last of the clips, or so many, to test on, the others to train. */
export async function splitOf(storeDir: string, ids: readonly string[], dataset = 'penn-action', tested = 1): Promise<void> {
  const sides = { train: ids.slice(0, -tested), test: ids.slice(-tested) }
  const { root } = await readManifest(storeDir, dataset)
  await writeSplit(storeDir, { name: 'official', dataset, query: 'by hand', groupKey: 'group_id', seed: 0, salt: '0', hash: hashSides(sides), sides }, root)
}
