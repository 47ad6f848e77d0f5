import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Clip, OBSERVED } from '../../src/clip.ts'
import { poseJson } from '../../src/ingest/adapters/pose-json/pose-json.ts'
import { readClips } from '../../src/store/index.ts'
import { contextOf, readFilms } from '../ingest/read-film.ts'
import { pythonWith, runPython } from '../python.ts'
import { makeClip, spatial } from '../store/clips.ts'
import { exported, tinyEntry, tinyStore } from './tiny.ts'

/** Two persons of two joints in two frames; the second person is not there in the first frame; a box of the first person there. */
function couple(id: string): Clip {
  const states = Uint8Array.of(0, 1, 2, 2, 0, 2, 0, 0)
  const raw = Float32Array.of(10.5, 20, 30, 40.25, 1, 1, 1, 1, 50, 60, 2, 2, 70, 80, 90, 95)
  const keypoints = Float32Array.from({ length: 24 }, (_, at) => (at % 3 === 2 ? [1, 0.5, 0][states[Math.floor(at / 3)]!]! : states[Math.floor(at / 3)] === 2 ? NaN : raw[2 * Math.floor(at / 3) + (at % 3)]!))
  return makeClip(id, { frames: 2, persons: 2, states, raw, keypoints, boxes: Float32Array.of(5, 6, 45, 56.5, NaN, NaN, NaN, NaN) })
}

test("an export has a file per clip, as COCO's documentation describes it", async () => {
  const { outputDir } = await exported({ storeDir: await tinyStore([couple('tiny/a b')]), kind: 'coco' })
  const image = { width: 480, height: 270, license: 1, video_id: 1 }
  const annotation = { category_id: 1, iscrowd: 0, segmentation: [] }
  expect(JSON.parse(readFileSync(join(outputDir, 'annotations/clips/a%20b.json'), 'utf8'))).toEqual({
    info: { description: 'A tiny data set', url: 'https://tiny.example/', version: '1.0' },
    licenses: [{ id: 1, name: 'for tests', url: 'https://tiny.example/' }],
    categories: [{ id: 1, name: 'person', supercategory: 'person', keypoints: ['head', 'left_hand'], skeleton: [[1, 2]] }],
    videos: [{ id: 1, name: 'tiny/a b', action: 'squat', fps: null }],
    images: [{ ...image, id: 1, file_name: 'a%20b/000000.jpg', frame_id: 0 }, { ...image, id: 2, file_name: 'a%20b/000001.jpg', frame_id: 1 }],
    annotations: [
      { ...annotation, id: 1, image_id: 1, track_id: 0, num_keypoints: 2, keypoints: [10.5, 20, 2, 30, 40.25, 1], bbox: [5, 6, 40, 50.5], area: 2020 },
      { ...annotation, id: 2, image_id: 2, track_id: 0, num_keypoints: 1, keypoints: [50, 60, 2, 0, 0, 0], bbox: [50, 60, 0, 0], area: 0 },
      { ...annotation, id: 3, image_id: 2, track_id: 1, num_keypoints: 2, keypoints: [70, 80, 2, 90, 95, 2], bbox: [70, 80, 20, 15], area: 300 },
    ],
  })
})

test('clips of metres, of no size and without joints are left out, named', async () => {
  const nothing = makeClip('tiny/labels', { skeleton: null, joints: 0, keypoints: null, states: null, raw: null })
  const { clips, leftOut } = await exported({ storeDir: await tinyStore([couple('tiny/a'), spatial('tiny/3d'), makeClip('tiny/nowhere', { width: 0, height: 0 }), nothing]), kind: 'coco' })
  expect([clips, leftOut]).toEqual([1, [
    { code: 'no-image-size', message: 'nothing says how large the picture is', count: 1, examples: ['tiny/nowhere'] },
    { code: 'no-keypoints', message: 'a clip without joints has no annotations', count: 1, examples: ['tiny/labels'] },
    { code: 'no-pixels', message: "COCO's keypoints are px of a picture", count: 1, examples: ['tiny/3d'] },
  ]])
})

test("our adapter of pose files reads the joints and boxes of an export as it reads anybody's", async () => {
  const observed = makeClip('tiny/b', { frames: 2, states: new Uint8Array(4).fill(OBSERVED), keypoints: Float32Array.of(1.25, 2, 1, 3, 4, 1, 5, 6, 1, 7, 8, 1), raw: Float32Array.of(1.25, 2, 3, 4, 5, 6, 7, 8) })
  const storeDir = await tinyStore([couple('tiny/a'), observed])
  const { outputDir } = await exported({ storeDir, kind: 'coco' })
  const layout = { kind: 'pose-json', format: 'coco', files: 'annotations/clips/{clip}.json', firstFrame: 0, width: null, height: null, unit: 'px', labels: null, segments: null, persons: 'all' } as const
  const films = await readFilms(poseJson, contextOf(await tinyEntry({ adapter: 'pose-json', layout }), outputDir))
  const shown = ({ id, frames, persons, width, height, keypoints, states }: Clip): object => ({ id, frames, persons, width, height, keypoints, states })
  const [first, second] = films.flatMap((film) => film.clips)
  const [one, other] = await readClips(storeDir, 'tiny')
  expect([shown(first!), shown(second!)]).toEqual([shown(one!), shown(other!)])
  expect(first!.boxes).toEqual(Float32Array.of(5, 6, 45, 56.5, 50, 60, 50, 60))
})

const python = pythonWith('pycocotools')
test.skipIf(python === null)('pycocotools loads every file of an export, and all of them joined', async () => {
  const { outputDir } = await exported({ storeDir: await tinyStore([couple('tiny/a'), couple('tiny/b')]), kind: 'coco' })
  const script = `
import contextlib, glob, io, json, sys
from pycocotools.coco import COCO
files = [json.load(open(file)) for file in sorted(glob.glob(sys.stdin.read() + '/annotations/*/*.json'))]
joined = {**files[0], 'images': sum((file['images'] for file in files), []), 'annotations': sum((file['annotations'] for file in files), [])}
out = []
with contextlib.redirect_stdout(io.StringIO()):
    for file in [*files, joined]:
        coco = COCO()
        coco.dataset = file
        coco.createIndex()
        out.append([len(coco.imgs), len(coco.anns), [len(coco.getAnnIds(imgIds=image)) for image in sorted(coco.imgs)]])
print(json.dumps(out))`
  expect(JSON.parse(runPython(python!, script, outputDir))).toEqual([[2, 3, [1, 2]], [2, 3, [1, 2]], [4, 6, [1, 2, 1, 2]]])
})
