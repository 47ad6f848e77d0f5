import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ABSENT, type Clip, OBSERVED } from '../../src/clip.ts'
import { runQuery } from '../../src/queries/index.ts'
import { writeClips } from '../../src/store/index.ts'
import { pythonWith, runPython } from '../python.ts'
import { makeClip } from '../store/clips.ts'

const arm = { name: 'arm', joints: ['shoulder', 'elbow', 'wrist'] }
const foot = { name: 'foot', joints: ['knee', 'wrist'] }

/** A clip of one person whose joints are at these places, [frames][joints][axes]; null = absent. */
function placed(id: string, skeleton: typeof arm, frames: readonly (readonly (readonly number[] | null)[])[], change: Partial<Clip> = {}): Clip {
  const dims = (frames.flat().find((place) => place !== null) ?? [0, 0]).length as 2 | 3
  const cells = frames.flat()
  return makeClip(id, {
    skeleton: skeleton.name, joints: skeleton.joints.length, dims, frames: frames.length, boxes: null,
    keypoints: Float32Array.from(cells.flatMap((place) => [...(place ?? Array.from({ length: dims }, () => NaN)), place === null ? 0 : 1])),
    raw: Float32Array.from(cells.flatMap((place) => place ?? Array.from({ length: dims }, () => 1))), states: Uint8Array.from(cells, (place) => (place === null ? ABSENT : OBSERVED)), ...change,
  })
}

const folder = mkdtempSync(join(tmpdir(), 'posetta-macros-'))
const place = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
const wave = (phase: number, scale: number, frames: number): number[][][] => Array.from({ length: frames }, (_, frame) =>
  arm.joints.map((_, joint) => [scale * (10 * joint + frame) + phase, scale * (joint * joint + Math.fround(Math.sin(frame + joint))) - phase]))
const [short, long] = [wave(3, 1, 4), wave(0, 2.5, 7)]

beforeAll(async () => {
  await writeClips({
    storeDir: place.storeDir, dataset: 'tiny', skeletons: [arm, foot], clips: [
      placed('tiny/flat', arm, [[[0, 0], [3, 4], [3, 8]], [[0, 0], [3, 4], [6, 12]], [[0, 0], [3, 4], null], [[0, 0], [0, 0], [1, 1]]], { fps: 25 }),
      placed('tiny/foot', foot, [[[0, 0], [5, 0]]]),
      placed('tiny/deep', arm, [[[1, 0, 0], [0, 0, 0], [0, 0, 2]], [[1, 0, 0], [0, 0, 0], [-1, 0, 0]]], { unit: 'm' }),
      placed('tiny/short', arm, short), placed('tiny/long', arm, long),
      placed('tiny/larger', arm, short.map((frame, at) => frame.map(([x, y]) => [2 * x! + 7 * at, 2 * y! - at]))),
    ] })
})
afterAll(() => rmSync(folder, { recursive: true }))

const rows = async (sql: string): Promise<unknown> => (await runQuery(place, sql)).rows

describe("joint('wrist')", () => {
  test('gives every frame and person of every skeleton that has it, absent ones without a place', async () => {
    expect(await rows("from joint('wrist') where clip_id in ('tiny/flat', 'tiny/foot', 'tiny/deep') order by clip_id, frame")).toEqual([
      ['tiny/deep', 0, 0, 0, 0, 2, 1, 'observed', 'tiny'], ['tiny/deep', 1, 0, -1, 0, 0, 1, 'observed', 'tiny'],
      ['tiny/flat', 0, 0, 3, 8, null, 1, 'observed', 'tiny'], ['tiny/flat', 1, 0, 6, 12, null, 1, 'observed', 'tiny'],
      ['tiny/flat', 2, 0, null, null, null, 0, 'absent', 'tiny'], ['tiny/flat', 3, 0, 1, 1, null, 1, 'observed', 'tiny'],
      ['tiny/foot', 0, 0, 5, 0, null, 1, 'observed', 'tiny']])
  })

  test('reads the columns of that joint and of no other', async () => {
    const [[, plan]] = await rows("explain select * from joint('wrist')") as [[string, string]]
    expect([...new Set(plan.match(/\w+_(?:x|y|z|confidence|state)\b/g))].sort()).toEqual(['wrist_confidence', 'wrist_state', 'wrist_x', 'wrist_y', 'wrist_z'])
    expect(plan.match(/PARQUET/g)).toHaveLength(6)
  })

  test('is the same as the rows of joints', async () => {
    expect(await rows("select * from joint('wrist') order by all")).toEqual(await rows("select clip_id, frame, person, x, y, z, confidence, state, dataset from joints where joint = 'wrist' order by all"))
  })
})

describe("angle('shoulder', 'elbow', 'wrist')", () => {
  test('is in degrees, in two and three dimensions; null where a joint is absent or a limb has no length', async () => {
    // by hand: arccos of (-3, -4).(0, 4) / (5 * 4) = -0.8, of (-3, -4).(3, 8) / (5 * sqrt 73)
    expect((await rows("select angle from angle('shoulder', 'elbow', 'wrist') where clip_id in ('tiny/flat', 'tiny/deep') order by clip_id, frame") as [number][]).flat().map((angle) => angle ?? -1))
      .toBeAllclose([90, 180, 143.13010235415598, Math.acos(-41 / (5 * Math.sqrt(73))) * 180 / Math.PI, -1, -1])
  })
})

describe("speed('wrist')", () => {
  test('is the way from the frame before, and by the second where fps is known', async () => {
    expect(await rows("select frame, speed, speed_per_second, unit from speed('wrist') where clip_id = 'tiny/flat' order by frame")).toEqual([[0, null, null, 'px'], [1, 5, 125, 'px'], [2, null, null, 'px'], [3, null, null, 'px']])
    expect(await rows("select frame, speed, speed_per_second, unit from speed('wrist') where clip_id = 'tiny/deep' order by frame")).toEqual([[0, null, null, 'm'], [1, Math.sqrt(5), null, 'm']])
  })
})

describe("bone_length('elbow', 'wrist')", () => {
  test('is in the unit of the clip, null where a joint is absent', async () => {
    expect(await rows("select frame, length, unit from bone_length('elbow', 'wrist') where clip_id in ('tiny/flat', 'tiny/deep') order by clip_id, frame"))
      .toEqual([[0, 2, 'm'], [1, 1, 'm'], [0, 4, 'px'], [1, Math.sqrt(73), 'px'], [2, null, 'px'], [3, Math.SQRT2, 'px']])
  })
})

describe('distance(a, b)', () => {
  const distance = async (a: string, b: string): Promise<unknown[]> => ((await rows(`select distance, frames, positions from distance('tiny/${a}', 'tiny/${b}')`)) as unknown[][])[0]!

  test('is 0 to itself, wherever each frame is moved to and however large the clip is', async () => {
    expect(await distance('short', 'short')).toEqual([0, 4, 12])
    expect((await distance('short', 'larger'))[0]).toBeAllclose(0, { atol: 1e-6 })
  })

  test('is the same both ways, and nothing where two clips share no joint at any time', async () => {
    expect((await distance('short', 'long'))[0]).toBeAllclose((await distance('long', 'short'))[0])
    expect(await distance('foot', 'nowhere')).toEqual([null, 0, 0])
  })

  test('compares the joints that both skeletons have', async () => {
    expect(await distance('foot', 'flat')).toEqual([null, 1, 1])
  })

  test.skipIf(pythonWith('numpy') === null)('is what numpy makes of the same formula', async () => {
    const script = `
import json, sys, numpy as np
a, b = [np.float32(clip).astype(float) for clip in json.load(sys.stdin)]
frames = min(len(a), len(b))
pick = lambda clip: clip[np.floor(np.arange(frames) * (len(clip) - 1) / (frames - 1) + 0.5).astype(int)]
def normal(clip):
    clip = clip - clip.mean(axis=1, keepdims=True)
    return clip / np.sqrt((clip ** 2).sum(axis=-1).mean())
print(np.linalg.norm(normal(pick(a)) - normal(pick(b)), axis=-1).mean())`
    const expected = Number(runPython(pythonWith('numpy')!, script, JSON.stringify([short, long])))
    expect(expected).toBeGreaterThan(0.01)
    expect((await distance('short', 'long'))[0]).toBeAllclose(expected)
  })
})

describe('macros', () => {
  test('answer an unknown joint with the nearest, and its place', async () => {
    await expect(rows("select max(x)\nfrom joint('wrst')")).rejects.toMatchObject({
      code: 'E_JOINT_UNKNOWN', message: "no joint in the store named \"wrst\"\n\nline 2, column 12\n  from joint('wrst')\n             ^", hint: 'did you mean "wrist"? There are: elbow, knee, shoulder, wrist' })
  })

  test('that nobody knows are answered with the nearest', async () => {
    await expect(rows("from jont('wrist')")).rejects.toMatchObject({
      code: 'E_SQL_READ_ONLY', message: "jont() is not one of the table functions that only read\n\nline 1, column 6\n  from jont('wrist')\n       ^",
      hint: 'did you mean "joint"? Ours are: joint, angle, speed, bone_length, distance, clip_joints, joint_columns' })
  })

  test('answer nothing in a store that is empty', async () => {
    const empty = { storeDir: join(folder, 'no-store'), runsDir: join(folder, 'no-runs') }
    expect((await runQuery(empty, 'from distance(null, null)')).rows).toEqual([[null, 0, 0]])
    await expect(runQuery(empty, "from joint('head')")).rejects.toMatchObject({ code: 'E_JOINT_UNKNOWN', message: expect.stringMatching(/^no joint in the store named "head"/) })
  })
})
