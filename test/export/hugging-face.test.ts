import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { withDuck } from '../../src/store/duckdb.ts'
import { readLists } from '../../src/store/read-lists.ts'
import { pythonWith, runPython } from '../python.ts'
import { makeClip, spatial } from '../store/clips.ts'
import { exported, tinyEntry, tinyStore } from './tiny.ts'

const one = makeClip('tiny/a', {
  frames: 1, persons: 2, states: Uint8Array.of(0, 2, 1, 0), keypoints: Float32Array.of(10.5, 20, 1, NaN, NaN, 0, 3, 4, 0.5, 5, 6, 1), raw: Float32Array.of(10.5, 20, 1, 1, 3, 4, 5, 6),
  boxes: Float32Array.of(1, 2, 3, 4), labels: { ...makeClip('x').labels, phases: [{ start: 0, end: 1, label: 'down' }], sides: { xsub: 'test' } },
})
const labelsOnly = makeClip('tiny/labels', { skeleton: null, joints: 0, keypoints: null, states: null, raw: null, boxes: null, labels: { ...makeClip('x').labels, action: null } })

describe('an export for Hugging Face', () => {
  test.skipIf(pythonWith('pyarrow') === null)('is a row per clip, with lists of lists for joints and null where there is nothing', async () => {
    const { outputDir } = await exported({ storeDir: await tinyStore([one, labelsOnly]), kind: 'hf' })
    const script = `
import json, sys, pyarrow.parquet as pq
rows = pq.read_table(sys.stdin.read()).to_pylist()
print(json.dumps(sorted(rows, key=lambda row: row['clip_id'])).replace('NaN', '-1'))`
    const common = {
      dataset: 'tiny', official_split: 'train', view: 'front', subject: null, scene: null, camera: null, source: 'manual', unit: 'px', fps: null, width: 480, height: 270,
      flags: ['box-missing-last-frame'], segments: [],
    }
    expect(JSON.parse(runPython(pythonWith('pyarrow')!, script, join(outputDir, 'data/clips-00000-of-00001.parquet')))).toEqual([
      {
        ...common, clip_id: 'tiny/a', group: 'tiny/a', label: 0, action: 'squat', skeleton: 'two', joints: ['head', 'left_hand'], frames: 1, persons: 2,
        phases: [{ start: 0, end: 1, label: 'down' }], sides: [{ split: 'xsub', side: 'test' }], boxes: [[1, 2, 3, 4]], keypoints: [[[[10.5, 20], [-1, -1]], [[3, 4], [5, 6]]]],
        confidence: [[[1, 0], [0.5, 1]]], state: [[[0, 2], [1, 0]]],
      },
      {
        ...common, clip_id: 'tiny/labels', group: 'tiny/labels', label: null, action: null, skeleton: null, joints: [], frames: 3, persons: 1, phases: null, sides: [], boxes: null,
        keypoints: null, confidence: null, state: null,
      },
    ])
  })

  test('has a card that names its files, its features and its classes, and says what the licence does', async () => {
    const storeDir = await tinyStore([one, labelsOnly], { train: ['tiny/a'], test: ['tiny/labels'] })
    const { outputDir } = await exported({ storeDir, kind: 'hf', split: 'half' })
    const text = readFileSync(join(outputDir, 'README.md'), 'utf8')
    const card = parse(text.split('---\n')[1]!) as { configs: unknown; dataset_info: { features: { name: string }[] } }
    expect(card.configs).toEqual([{ config_name: 'default', data_files: [{ split: 'test', path: 'data/test-*.parquet' }, { split: 'train', path: 'data/train-*.parquet' }] }])
    const feature = (name: string): object | undefined => card.dataset_info.features.find((one) => one.name === name)
    expect(feature('label')).toEqual({ name: 'label', dtype: { class_label: { names: { 0: 'squat' } } } })
    expect(feature('keypoints')).toEqual({ name: 'keypoints', sequence: { sequence: { sequence: { sequence: 'float32' } } } })
    expect(text).toContain('- **Its licence does not let you pass its annotations on: keep this copy to yourself.**')
  })

  test.skipIf(pythonWith('datasets') === null)('is loaded by datasets, labels as classes', async () => {
    const clips = [one, labelsOnly, spatial('tiny/3d'), ...['b', 'c', 'd'].map((name) => makeClip(`tiny/${name}`, { frames: 400 }))]
    const storeDir = await tinyStore(clips, { train: clips.slice(1).map(({ id }) => id), test: ['tiny/a'] })
    const { outputDir, files } = await exported({ storeDir, kind: 'hf', split: 'half', fileBytes: 100_000 })
    const names = files.map(({ file }) => file).filter((file) => file.startsWith('data/train'))
    expect(names.length).toBeGreaterThan(2)
    expect(names).toEqual(names.map((_, at) => `data/train-0000${at}-of-0000${names.length}.parquet`))
    const script = `
import json, os, sys, tempfile
os.environ['HF_HUB_OFFLINE'] = '1'
import datasets
datasets.disable_progress_bars()
with tempfile.TemporaryDirectory() as cache:
    found = datasets.load_dataset(sys.stdin.read(), cache_dir=cache)
    label = found['train'].features['label']
    print(json.dumps([{side: sorted(rows['clip_id']) for side, rows in found.items()}, label.names, str(found['train'].features['keypoints']), found['test'][0]['keypoints'][0][1]]))`
    expect(JSON.parse(runPython(pythonWith('datasets')!, script, outputDir))).toEqual([
      { train: clips.slice(1).map(({ id }) => id).sort(), test: ['tiny/a'] }, ['squat'], "List(List(List(List(Value('float32')))))", [[3, 4], [5, 6]]])
  })

  test('comes back by DuckDB list by list, over many rows', async () => {
    const clips = Array.from({ length: 3000 }, (_, at) => makeClip(`tiny/${String(at).padStart(4, '0')}`, { frames: 1 + (at % 3) }))
    const { outputDir } = await exported({ storeDir: await tinyStore([...clips, labelsOnly]), kind: 'hf', entry: await tinyEntry() })
    const file = join(outputDir, 'data/clips-00000-of-00001.parquet')
    const rows = await withDuck((duck) => readLists(duck, file, [{ name: 'keypoints', depth: 4 }, { name: 'confidence', depth: 3 }]))
    const key = (lists: readonly (Float32Array | null)[]): string => JSON.stringify(lists.map((list) => (list === null ? null : [...list])))
    const expected = clips.map(({ keypoints }) => [keypoints!.filter((_, at) => at % 3 < 2), keypoints!.filter((_, at) => at % 3 === 2)])
    expect(rows.map(key).sort()).toEqual([...expected.map(key), '[null,null]'].sort())
  })
})
