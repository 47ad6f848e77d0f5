import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Clip, OBSERVED } from '../../src/clip.ts'
import { pyskl } from '../../src/ingest/adapters/pyskl/pyskl.ts'
import { readClips } from '../../src/store/index.ts'
import { contextOf, readFilms } from '../ingest/read-film.ts'
import { pythonWith, runPython } from '../python.ts'
import { root } from '../sources.ts'
import { makeClip, spatial } from '../store/clips.ts'
import { exported, tinyEntry, tinyStore } from './tiny.ts'

const python = pythonWith('numpy')
const script = `
import json, pickle, sys
def shown(value):
    return [value.dtype.str, list(value.shape), value.ravel().tolist()] if hasattr(value, 'dtype') else list(value) if isinstance(value, tuple) else value
found = pickle.load(open(sys.stdin.read(), 'rb'))
print(json.dumps({'split': found['split'], 'annotations': [{key: shown(value) for key, value in one.items()} for one in found['annotations']]}))`
const load = (file: string): unknown => JSON.parse(runPython(python!, script, file))

/** Two frames of two joints: seen and hidden, then absent (raw corner kept) and seen. */
function twoFrames(id: string, change: Partial<Clip> = {}): Clip {
  return makeClip(id, {
    frames: 2, boxes: null, states: Uint8Array.of(0, 1, 2, 0), keypoints: Float32Array.of(10.5, 20, 1, 30, 40.25, 0.5, NaN, NaN, 0, 50, 60, 0.75),
    raw: Float32Array.of(10.5, 20, 30, 40.25, 1, 1, 50, 60), ...change,
  })
}

describe.skipIf(python === null)('an export for PYSKL', () => {
  test('has what PYSKL documents: persons before frames, absent joints 0 with score 0', async () => {
    const { outputDir, files, labels } = await exported({ storeDir: await tinyStore([twoFrames('tiny/a.b')]), kind: 'pyskl' })
    expect(files.map(({ file }) => file).filter((file) => !file.startsWith('posetta/'))).toEqual(['label_map.txt', 'two-2d.pkl'])
    expect([labels, readFileSync(join(outputDir, 'label_map.txt'), 'utf8')]).toEqual([['squat'], 'squat\n'])
    expect(load(join(outputDir, 'two-2d.pkl'))).toEqual({
      split: { train: ['a.b'] },
      annotations: [{
        frame_dir: 'a.b', total_frames: 2, img_shape: [270, 480], original_shape: [270, 480], label: 0,
        keypoint: ['<f4', [1, 2, 2, 2], [10.5, 20, 30, 40.25, 0, 0, 50, 60]], keypoint_score: ['<f4', [1, 2, 2], [1, 0.5, 0, 0.75]],
      }],
    })
  })

  test('turns [T, M] round', async () => {
    const keypoints = Float32Array.from({ length: 2 * 2 * 2 * 3 }, (_, at) => (at % 3 === 2 ? 1 : at))
    const raw = Float32Array.from({ length: 2 * 2 * 2 * 2 }, (_, at) => 3 * (at >> 1) + (at & 1))
    const clip = makeClip('tiny/pair', { frames: 2, persons: 2, states: new Uint8Array(8).fill(OBSERVED), keypoints, raw })
    const { outputDir } = await exported({ storeDir: await tinyStore([clip]), kind: 'pyskl' })
    // x of frame 0: persons 0 and 1 begin at 0 and 6; of frame 1 at 12 and 18
    expect(load(join(outputDir, 'two-2d.pkl'))).toMatchObject({
      annotations: [{ keypoint: ['<f4', [2, 2, 2, 2], [0, 1, 3, 4, 12, 13, 15, 16, 6, 7, 9, 10, 18, 19, 21, 22]] }] })
  })

  test('keeps three dimensions in a file of their own, without scores; no action is the label -1', async () => {
    const { labels, ...rest } = spatial('tiny/3d')
    const { outputDir } = await exported({ storeDir: await tinyStore([twoFrames('tiny/a'), { ...rest, labels: { ...labels, action: null } }]), kind: 'pyskl' })
    const { annotations: [annotation], split } = load(join(outputDir, 'three-3d.pkl')) as { annotations: Record<string, unknown>[]; split: object }
    expect([Object.keys(annotation!), annotation!['label']]).toEqual([['frame_dir', 'total_frames', 'img_shape', 'original_shape', 'label', 'keypoint'], -1])
    expect(split).toEqual({ val: ['3d'], xset_test: ['3d'], xsub_train: ['3d'] })
  })

  test('of a split has its sides and its clips only', async () => {
    const storeDir = await tinyStore(['a', 'b', 'c', 'd'].map((name) => twoFrames(`tiny/${name}`)), { train: ['tiny/d'], validation: ['tiny/a'], test: ['tiny/b'] })
    const { outputDir, clips } = await exported({ storeDir, kind: 'pyskl', split: 'half' })
    expect([clips, load(join(outputDir, 'two-2d.pkl'))]).toMatchObject([3, { split: { train: ['d'], val: ['a'], test: ['b'] } }])
  })
})

test('our adapter of PYSKL reads the joints and labels of an export as it reads anybody\'s', async () => {
  const clips = [twoFrames('tiny/a'), twoFrames('tiny/b', { labels: { ...makeClip('x').labels, action: 'bowl', officialSplit: 'test' } })]
  const storeDir = await tinyStore(clips)
  const { outputDir, labels } = await exported({ storeDir, kind: 'pyskl' })
  const films = await readFilms(pyskl, contextOf(await tinyEntry({ classes: { action: labels } }), outputDir))
  const stored = await readClips(storeDir, 'tiny')
  const shown = ({ id, frames, width, height, keypoints, labels: { action, officialSplit } }: Clip): object => ({ id, frames, width, height, keypoints, action, officialSplit })
  expect(films.flatMap((film) => film.clips).map(shown)).toEqual(stored.map(shown))
})

const authors = process.env['POSETTA_AUTHORS']
test.skipIf(authors === undefined || pythonWith('numpy', 'scipy', 'torch') === null)("PYSKL's own PoseDataset loads an export", async () => {
  const clips = [twoFrames('tiny/a'), twoFrames('tiny/b', { labels: { ...makeClip('x').labels, officialSplit: 'test' } })]
  const { outputDir } = await exported({ storeDir: await tinyStore(clips), kind: 'pyskl' })
  const args = [join(root, 'bench/peers/authors_pyskl_export.py'), join(outputDir, 'two-2d.pkl'), 'test']
  const { stdout, stderr } = spawnSync(pythonWith('numpy', 'scipy', 'torch')!, args, { encoding: 'utf8' })
  expect([stdout === '', stderr]).toEqual([false, expect.anything()])
  expect(JSON.parse(stdout)).toEqual([{
    name: 'b', label: 0, total_frames: 2, img_shape: [270, 480], shape: [1, 2, 2, 2], keypoint: [10.5, 20, 30, 40.25, 0, 0, 50, 60], keypoint_score: [1, 0.5, 0, 0.75] }])
})
