import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'jpeg-js'
import { beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/hash.ts'
import { h2oTruth, writeH2oTwin } from '../../../src/ingest/synthetic/h2o/h2o-twin.ts'
import { viewH2o } from '../../../src/ingest/synthetic/h2o/h2o-view.ts'
import { pythonWith, runPython } from '../../python.ts'
import { shared } from '../../shared.ts'
import { filesBelow, linesOf, newFolder, numbersOf, six } from './h2o-folder.ts'

const python = pythonWith('numpy')
const tiny = shared === null ? null : `${shared}/data/tiny-raw/h2o`
const truth = h2oTruth({ sequences: 4, seed: 1, cameras: 'ego', flaws: false })
const dir = newFolder()
let written: Awaited<ReturnType<typeof writeH2oTwin>>

beforeAll(async () => {
  written = await writeH2oTwin(dir, truth, { frames: false })
})

describe('a twin of H2O', () => {
  test('has the folders of the archives, one file per frame in each', () => {
    expect(readdirSync(dir).sort()).toEqual(['label_split', 'subject1', 'subject2', 'subject3', 'subject4'])
    for (const { path, frames } of truth.sequences) {
      expect(readdirSync(`${dir}/${path}`)).toEqual(['cam4'])
      expect(readdirSync(`${dir}/${path}/cam4`).sort()).toEqual(
        ['action_label', 'cam_intrinsics.txt', 'cam_pose', 'hand_pose', 'hand_pose_mano', 'obj_pose', 'obj_pose_rt', 'verb_label'])
      for (const series of ['action_label', 'cam_pose', 'hand_pose', 'hand_pose_mano', 'obj_pose', 'obj_pose_rt', 'verb_label']) {
        expect(readdirSync(`${dir}/${path}/cam4/${series}`).sort()).toEqual(Array.from({ length: frames }, (_, frame) => `${six(frame)}.txt`))
      }
    }
  })

  test('counts what it wrote', () => {
    const files = filesBelow(dir)
    expect(written).toEqual({ files: files.length, bytes: files.reduce((sum, file) => sum + readFileSync(join(dir, file)).length, 0) })
  })

  test.each([['cam_pose', 16], ['hand_pose', 128], ['hand_pose_mano', 124], ['obj_pose', 64], ['obj_pose_rt', 17], ['action_label', 1], ['verb_label', 1]])(
    'has one line in a file of %s, %i words with single spaces', (series, words) => {
      for (const { path, frames } of truth.sequences) {
        const text = readFileSync(`${dir}/${path}/cam4/${series}/${six(frames - 1)}.txt`, 'utf8')
        expect(text).toMatch(/^\S+( \S+)*\n$/)
        expect(text.trim().split(' ')).toHaveLength(words)
      }
    })

  test('says in text what is true, to the last bit', () => {
    for (const sequence of truth.sequences) {
      const view = viewH2o(sequence, 4)
      const folder = `${dir}/${sequence.path}/cam4`
      expect(numbersOf(`${folder}/cam_intrinsics.txt`)).toEqual(view.intrinsics)
      for (let frame = 0; frame < sequence.frames; frame++) {
        const read = (series: string): number[] => numbersOf(`${folder}/${series}/${six(frame)}.txt`)
        const flags = [...view.handFlags.subarray(2 * frame, 2 * frame + 2)]
        const hands = (values: Float64Array, width: number): number[] => flags.flatMap((flag, side) =>
          [flag, ...values.slice((2 * frame + side) * width, (2 * frame + side + 1) * width).map((value) => (flag === 1 ? value : 0))])
        expect(read('hand_pose')).toEqual(hands(view.hands, 63))
        expect(read('hand_pose_mano')).toEqual(hands(view.mano, 61))
        expect(read('cam_pose')).toEqual([...view.cameraPoses.subarray(16 * frame, 16 * frame + 16)])
        expect(read('obj_pose')).toEqual([sequence.objectClasses[frame], ...view.objectPoints.subarray(63 * frame, 63 * frame + 63)])
        expect(read('obj_pose_rt')).toEqual([sequence.objectClasses[frame], ...view.objectPoses.subarray(16 * frame, 16 * frame + 16)])
        expect([...read('action_label'), ...read('verb_label')]).toEqual([sequence.actions[frame], sequence.verbs[frame]])
      }
    }
    expect(truth.sequences.some((sequence) => sequence.handFlags.get(4)!.includes(0))).toBe(true)
  })

  test.skipIf(tiny === null)('has the folders, words and list columns of the hand-made example', () => {
    const own = `${dir}/subject1/h1/0/cam4`
    const example = `${tiny}/subject1_ego/h1/0/cam4`
    expect(readdirSync(own).sort()).toEqual(readdirSync(example).sort())
    for (const file of ['cam_intrinsics.txt', ...readdirSync(example).filter((name) => !name.endsWith('.txt')).map((series) => `${series}/000000.txt`)]) {
      expect([file, numbersOf(`${own}/${file}`).length]).toEqual([file, numbersOf(`${example}/${file}`).length])
    }
    for (const side of ['train', 'test']) {
      expect(linesOf(`${dir}/label_split/action_${side}.txt`)[0]).toBe(linesOf(`${tiny}/label_split/action_${side}.txt`)[0])
    }
    expect(linesOf(`${dir}/label_split/pose_train.txt`)[0]!.replace(/\d+\.png$/, '')).toBe(
      linesOf(`${tiny}/label_split/pose_train.txt`)[0]!.replace(/\d+\.png$/, ''))
  })

  test.skipIf(python === null)('is read by numpy.loadtxt: 42 joints on the image (POSETTA_PYTHON names the interpreter)', () => {
    const script = `
import json, sys, numpy as np
from glob import glob
folder = sys.stdin.read()
row = lambda series: np.stack([np.loadtxt(file) for file in sorted(glob(f'{folder}/{series}/*.txt'))])
fx, fy, cx, cy, width, height = np.loadtxt(folder + '/cam_intrinsics.txt')
hand = row('hand_pose')
joints = np.concatenate([hand[:, 1:64], hand[:, 65:]], 1).reshape(-1, 42, 3)
flags = hand[:, [0, 64]].repeat(21, 1)
with np.errstate(invalid='ignore'):
    u, v = fx * joints[..., 0] / joints[..., 2] + cx, fy * joints[..., 1] / joints[..., 2] + cy
pixels = np.where(flags[..., None] > 0, np.stack([u, v], -1), -1)
assert (row('action_label') > 0).sum() > 20 and row('obj_pose').shape[1] == 64
print(json.dumps([width, height, pixels.reshape(-1).tolist()]))`
    const [sequence] = truth.sequences
    const { pixels, handFlags } = viewH2o(sequence!, 4)
    const [width, height, read] = JSON.parse(runPython(python!, script, `${dir}/${sequence!.path}/cam4`)) as [number, number, number[]]
    expect([width, height]).toEqual([1280, 720])
    expect(read).toBeAllclose([...pixels].map((value, at) => (handFlags[Math.floor(at / 42)] === 1 ? value : -1)), { atol: 1e-9, rtol: 0 })
  })

  test('has five cameras where asked, labels of actions and verbs at the last one only', async () => {
    const folder = newFolder()
    await writeH2oTwin(folder, h2oTruth({ sequences: 1, seed: 7, cameras: 'all', flaws: false }), { frames: false })
    const series = ['cam_intrinsics.txt', 'cam_pose', 'hand_pose', 'hand_pose_mano', 'obj_pose', 'obj_pose_rt']
    expect(readdirSync(`${folder}/subject1/h1/0`)).toEqual(['cam0', 'cam1', 'cam2', 'cam3', 'cam4'])
    for (const camera of ['cam0', 'cam1', 'cam2', 'cam3']) expect(readdirSync(`${folder}/subject1/h1/0/${camera}`).sort()).toEqual(series)
    expect(readdirSync(`${folder}/subject1/h1/0/cam4`).sort()).toEqual(['action_label', ...series, 'verb_label'])
    expect(new Set([0, 1, 2, 3, 4].map((camera) => numbersOf(`${folder}/subject1/h1/0/cam${camera}/cam_pose/000000.txt`).join())).size).toBe(5)
  })

  test('draws both hands on 455 x 256 where asked', async () => {
    const [folder, one] = [newFolder(), h2oTruth({ sequences: 1, seed: 7, cameras: 'ego', flaws: false })]
    await writeH2oTwin(folder, one, { frames: true })
    const [sequence] = one.sequences
    const pictures = filesBelow(folder).filter((file) => file.endsWith('.jpg'))
    expect(pictures).toEqual(Array.from({ length: sequence!.frames }, (_, frame) => `subject1/h1/0/cam4/rgb256/${six(frame)}.jpg`))
    const { width, height, data } = decode(readFileSync(join(folder, pictures[0]!)))
    expect([width, height]).toEqual([455, 256])
    const { pixels } = viewH2o(sequence!, 4)
    const [x, y] = [Math.floor((pixels[2 * 30]! * 455) / 1280), Math.floor((pixels[2 * 30 + 1]! * 256) / 720)]
    const [red, , blue] = data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3) as unknown as [number, number, number]
    expect(blue - red).toBeGreaterThan(60)
  })
})

describe('the same seed', () => {
  test('makes the same bytes, another one others', async () => {
    const [again, other] = [newFolder(), newFolder()]
    await writeH2oTwin(again, h2oTruth({ sequences: 4, seed: 1, cameras: 'ego', flaws: false }), { frames: false })
    await writeH2oTwin(other, h2oTruth({ sequences: 1, seed: 2, cameras: 'ego', flaws: false }), { frames: false })
    expect(filesBelow(again)).toEqual(filesBelow(dir))
    for (const file of filesBelow(dir)) expect([file, hashOf(join(again, file))]).toEqual([file, hashOf(join(dir, file))])
    expect(hashOf(`${other}/subject1/h1/0/cam4/hand_pose/000000.txt`)).not.toBe(hashOf(`${dir}/subject1/h1/0/cam4/hand_pose/000000.txt`))
  })

  const twins = [['ego', 2, 4, false], ['all', 1, 2, true]] as const
  test.each(twins)('makes a larger twin that contains the smaller (%s, %i in %i)', async (cameras, less, more, flaws) => {
    const [small, large] = [newFolder(), newFolder()]
    await writeH2oTwin(small, h2oTruth({ sequences: less, seed: 1, cameras: 'ego', flaws }), { frames: false })
    await writeH2oTwin(large, h2oTruth({ sequences: more, seed: 1, cameras, flaws }), { frames: false })
    expect(filesBelow(large).length).toBeGreaterThan(filesBelow(small).length)
    for (const file of filesBelow(small)) {
      const [own, larger] = [small, large].map((folder) => readFileSync(join(folder, file))) as [Buffer, Buffer]
      const end = file.startsWith('label_split/') ? own.length : larger.length
      expect([file, sha256(larger.subarray(0, end))]).toEqual([file, sha256(own)])
    }
  })
})

describe('writing', () => {
  test('tells how far it is, and stops when told', async () => {
    const seen: string[] = []
    const stop = new AbortController()
    const signal = stop.signal
    const onProgress = (done: number, total: number): void => {
      seen.push(`${done}/${total}`)
      if (done === 2) stop.abort(new Error('enough'))
    }
    await expect(writeH2oTwin(newFolder(), truth, { frames: false, signal, onProgress })).rejects.toThrow('enough')
    expect(seen).toEqual(['1/4', '2/4'])
  })

  test.each([0, 185, 1.5])('refuses %d sequences', (sequences) => {
    expect(() => h2oTruth({ sequences, seed: 1, cameras: 'ego', flaws: false })).toThrow(expect.objectContaining({
      code: 'E_TWIN_CLIPS', message: `${sequences} sequences; a twin of h2o has 1 to 184` }) as Error)
  })
})

function hashOf(file: string): string {
  return sha256(readFileSync(file))
}
