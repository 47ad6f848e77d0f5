import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'jpeg-js'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { ABSENT, type Clip, OCCLUDED } from '../../../src/clip.ts'
import { sha256 } from '../../../src/hash.ts'
import type { Plan } from '../../../src/ingest/adapter.ts'
import type { PennFacts } from '../../../src/ingest/adapters/penn-action/penn-discover.ts'
import { pennAction } from '../../../src/ingest/adapters/penn-action/penn-action.ts'
import { writeTwin } from '../../../src/ingest/synthetic/index.ts'
import { contextOf, readOneClip } from '../read-film.ts'
import { pythonWith, runPython } from '../../python.ts'

const python = pythonWith('numpy', 'scipy.io')
const ACTIONS = ['jumping_jacks', 'pullup', 'pushup', 'situp', 'squat']
const dir = newFolder()
const clips: Clip[] = []
let entry: DatasetEntry
let plan: Plan<PennFacts>
let written: Awaited<ReturnType<typeof writeTwin>>

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'penn-action')
  written = await writeTwin(entry, dir, { clips: 60, seed: 1, frames: false })
  plan = await pennAction.discover(contextOf(entry, dir))
  for (const item of plan.items) clips.push(await readClip(dir, item))
})

describe('a twin of Penn Action', () => {
  test('is read like the download, and is never taken for it', () => {
    expect(plan).toMatchObject({ complete: false, hasFrames: false, missing: ['frames'], ignored: [] })
    expect(new Set(clips.map(({ source }) => source))).toEqual(new Set(['synthetic']))
    expect(clips.flatMap(({ flags }) => flags)).toEqual([])
  })

  test('counts what it wrote', () => {
    expect(written).toMatchObject({ clips: 60, frames: clips.reduce((sum, { frames }) => sum + frames, 0), files: 121 })
  })

  test('shows five actions in their ranges of ids, on both sides', () => {
    for (const action of ACTIONS) {
      const own = clips.filter(({ labels }) => labels.action === action)
      const first = entry.actionEntries.find(({ name }) => name === action)!.ids![0]
      expect(own.map(({ id }) => Number(id.slice(-4)))).toEqual(Array.from({ length: 12 }, (_, at) => first + at))
      expect(own.filter(({ labels }) => labels.officialSplit === 'train')).toHaveLength(7)
    }
  })

  test('varies length, view and size, within 24 to 70 frames', () => {
    const lengths = clips.map(({ frames }) => frames)
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(24)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(70)
    expect(new Set(lengths).size).toBeGreaterThan(20)
    expect(new Set(clips.map(({ labels }) => labels.view))).toEqual(new Set(['front', 'back', 'left', 'right']))
    expect(new Set(clips.map(({ width, height }) => `${width}x${height}`))).toEqual(new Set(['480x270', '480x360', '270x480']))
  })

  test('hides 10 to 25 % of the joints and forgets 2 to 12 %, parked in the corner', () => {
    const states = clips.flatMap((clip) => [...clip.states!])
    const share = (state: number): number => states.filter((one) => one === state).length / states.length
    expect([share(OCCLUDED) > 0.1, share(OCCLUDED) < 0.25, share(ABSENT) > 0.02, share(ABSENT) < 0.12]).toEqual([true, true, true, true])
  })

  test('turns left and right over from the front to the back', () => {
    const squats = clips.filter(({ labels }) => labels.action === 'squat')
    const order = (view: string): boolean[] => squats.filter(({ labels }) => labels.view === view).map(({ raw }) => raw![2]! < raw![4]!)
    expect([...new Set(order('front')), ...new Set(order('back'))]).toEqual([true, false])
  })

  test('has the phases of the catalog, none shorter than 2 frames, no two clips alike', () => {
    for (const { labels, frames } of clips) {
      const names = entry.phases.find(({ action }) => action === labels.action)!.names
      expect(labels.phases!.map(({ label }) => label)).toEqual(names)
      expect(labels.phases!.at(-1)!.end).toBe(frames)
      expect(Math.min(...labels.phases!.map(({ start, end }) => end - start))).toBeGreaterThanOrEqual(2)
    }
    expect(new Set(clips.map(({ labels, frames }) => (labels.phases!.at(-1)!.start / frames).toFixed(3))).size).toBeGreaterThan(50)
  })

  test.each([
    ['jumping_jacks', 2, [5, 6], -1], ['pullup', 1, [0], -1], ['pushup', 1, [0], 1], ['situp', 1, [0], -1], ['squat', 2, [7, 8], 1],
  ])('%s turns round where its joints do, within 5 frames of their noise', (action, phase, joints, sign) => {
    for (const clip of clips.filter(({ labels }) => labels.action === action)) {
      const heights = Array.from({ length: clip.frames }, (_, frame) => joints.reduce((sum, joint) => sum + sign * clip.raw![(frame * 13 + joint) * 2 + 1]!, 0))
      const isForgotten = joints.some((joint) => heights.some((_, frame) => clip.states![frame * 13 + joint] === ABSENT))
      const turn = heights.indexOf(Math.max(...heights))
      expect(isForgotten ? 0 : Math.abs(turn - clip.labels.phases![phase]!.start)).toBeLessThanOrEqual(5)
    }
  })

  test('keeps a part of its clips in whole numbers, which MATLAB stores as smaller integers', () => {
    const whole = clips.filter(({ raw }) => raw!.every(Number.isInteger)).length
    expect(whole).toBeGreaterThan(5)
    expect(whole).toBeLessThan(30)
  })

  test('has the same bytes for the same seed, others for another, and a larger one contains the smaller', async () => {
    const [smaller, other] = [newFolder(), newFolder()]
    await writeTwin(entry, smaller, { clips: 5, seed: 1, frames: false })
    await writeTwin(entry, other, { clips: 5, seed: 2, frames: false })
    for (const name of ['1037', '1149', '1348', '1559', '1659']) {
      expect(hashOf(`${smaller}/labels/${name}.mat`)).toBe(hashOf(`${dir}/labels/${name}.mat`))
      expect(hashOf(`${other}/labels/${name}.mat`)).not.toBe(hashOf(`${dir}/labels/${name}.mat`))
    }
  })

  test('draws a JPEG per frame when asked', async () => {
    const folder = newFolder()
    const { frames, files } = await writeTwin(entry, folder, { clips: 1, seed: 2, frames: true })
    const clip = await readClip(folder, (await pennAction.discover(contextOf(entry, folder))).items[0]!)
    expect([files, clip.flags.includes('frame-count-mismatch')]).toEqual([3 + frames, false])
    const { width, height } = decode(readFileSync(join(folder, 'frames/1037/000001.jpg')))
    expect([width, height]).toEqual([clip.width, clip.height])
  })

  test.skipIf(python === null)('is read by scipy.io.loadmat and numpy.load to the same values (POSETTA_PYTHON names the interpreter)', () => {
    const script = `
import hashlib, sys, numpy as np
from glob import glob
from scipy.io import loadmat, whosmat
folder = sys.stdin.read()
for path in sorted(glob(folder + '/labels/*.mat')):
    m = loadmat(path)
    t = int(m['nframes'][0, 0])
    names = ' '.join(name + ':' + kind for name, shape, kind in whosmat(path))
    assert names == 'action:char pose:char x:double y:double visibility:logical train:int32 bbox:double dimensions:double nframes:double', names
    assert m['x'].shape == m['y'].shape == m['visibility'].shape == (t, 13) and m['bbox'].shape == (t, 4) and m['dimensions'][0, 2] == t
    phases = np.load(glob(folder + '/penn_action_labels/*/*/' + path[-8:-4] + '.npy')[0])
    assert phases.dtype == np.int64 and phases.shape == (t,) and (np.diff(phases) >= 0).all()
    raw = np.stack([m['x'], m['y']], axis=2).astype('<f4')
    print(path[-8:-4], m['action'][0], hashlib.sha256(np.ascontiguousarray(raw).tobytes()).hexdigest())
`
    const expected = clips.map(({ id, labels, raw }) => `${id.slice(-4)} ${labels.action} ${sha256(new Uint8Array(raw!.buffer))}`)
    expect(runPython(python!, script, dir).trim().split('\n')).toEqual(expected)
  })
})

describe('refuses', () => {
  test('a folder with anything else in it', async () => {
    const folder = newFolder()
    writeFileSync(`${folder}/thesis.tex`, '')
    await expect(writeTwin(entry, folder, { clips: 5, seed: 1, frames: false })).rejects.toMatchObject({ code: 'E_TWIN_FOLDER',
      message: `${folder} is not empty` })
    expect(readdirSync(folder)).toEqual(['thesis.tex'])
  })

  test('a folder with another twin, but writes the same one again', async () => {
    const folder = newFolder()
    const first = await writeTwin(entry, folder, { clips: 2, seed: 1, frames: false })
    await expect(writeTwin(entry, folder, { clips: 2, seed: 1, frames: false })).resolves.toEqual(first)
    await expect(writeTwin(entry, folder, { clips: 2, seed: 3, frames: false })).rejects.toMatchObject({
      code: 'E_TWIN_FOLDER', message: `${folder} holds another twin: {"dataset":"penn-action","clips":2,"seed":1,"frames":false}` })
  })

  test('more clips than the ids of its actions', async () => {
    await expect(writeTwin(entry, newFolder(), { clips: 1000, seed: 1, frames: false })).rejects.toMatchObject({
      code: 'E_TWIN_CLIPS', message: '1000 clips; a twin of penn-action has 1 to 853' })
  })

  test('a data set of another layout', async () => {
    await expect(writeTwin({ ...entry, name: 'mine', adapter: 'table' }, newFolder(), { clips: 1, seed: 1, frames: false })).rejects.toMatchObject({
      code: 'E_TWIN_UNKNOWN', message: 'there is no twin of "mine": its layout is table, its skeleton penn-13' })
  })
})

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'posetta-twin-'))
}

function hashOf(file: string): string {
  return sha256(readFileSync(file))
}

async function readClip(folder: string, item: Plan<PennFacts>['items'][number]): Promise<Clip> {
  return readOneClip(pennAction, contextOf(entry, folder, { frames: 'none' }), item)
}
