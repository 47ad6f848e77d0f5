import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { ABSENT, type Clip, OBSERVED } from '../../../src/clip.ts'
import type { FilmRead } from '../../../src/ingest/adapter.ts'
import { ikeaAsm } from '../../../src/ingest/adapters/ikea-asm/ikea-asm.ts'
import { shared } from '../../shared.ts'
import { contextOf, readFilms } from '../read-film.ts'
import { gtActionFile, ikeaFolder, SCAN, segmentsFile, withDatabase } from './ikea-raw.ts'

let entry: DatasetEntry

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'ikea-asm')
})

const camera = { K: [[1000, 0, 960], [0, 1001, 540], [0, 0, 1]], dist_coefs: [[0.1, 0, 0, 0, 0]], R: [[0, -1, 0], [1, 0, 0], [0, 0, 1]], T: [[1], [2], [3]] }
const nobody = { people: [] }
const pose = (frame: number): string => `predictions/pose2d/openpose/scan_video_${String(frame).padStart(12, '0')}_keypoints.json`
const labels = { 'gt_action.npy': gtActionFile([0, 31, 31]), 'gt_segments.json': segmentsFile([['spin leg', 1, 2]]) }

describe('finds scans, poses and labels', () => {
  test.each(['', 'pose_annotations/', 'annotations/pose_annotations/', 'ANU_ikea_dataset_video/'])('of poses in "%s"', async (root) => {
    const { items } = await ikeaAsm.discover(contextOf(entry, ikeaFolder({ ...labels, [`${root}${SCAN}/dev1/${pose(0)}`]: nobody })))
    expect(items).toEqual([{
      id: `ikea-asm/${SCAN}/dev1`, path: `${root}${SCAN}/dev1`,
      inputs: ['gt_segments.json', 'gt_action.npy', `${root}${SCAN}/dev1/predictions/pose2d/openpose`],
      facts: {
        scan: SCAN, camera: 'dev1', poses: [{ source: 'openpose', folder: `${root}${SCAN}/dev1/predictions/pose2d/openpose` }], images: null, video: null,
        calibration: null, annotations: { database: null, segments: 'gt_segments.json', gtAction: 'gt_action.npy', train: null, test: null },
      },
    }])
  })

  test('of labels in any of their folders, and one clip of labels for a scan without a film', async () => {
    for (const root of ['', 'annotations/', 'action_annotations/', 'annotations/action_annotations/', 'ANU_ikea_dataset/']) {
      const { items } = await ikeaAsm.discover(contextOf(entry, withRoot(root)))
      expect(items.map(({ id, path }) => [id, path])).toEqual([[`ikea-asm/${SCAN}`, `${root}gt_segments.json#${SCAN}`]])
    }
  })

  test('of one camera in two downloads, as one film', async () => {
    const { items, ignored } = await ikeaAsm.discover(contextOf(entry, ikeaFolder({
      [`${SCAN}/dev3/images/000000.jpg`]: '', [`${SCAN}/dev3/pose2d/000000.json`]: {}, [`pose_annotations/${SCAN}/dev3/pose2d/000000.json`]: {},
      [`pose_annotations/${SCAN}/dev3/pose3d/000000.json`]: {}, [`${SCAN}/dev3/seg/a.json`]: {}, [`${SCAN}/dev3/predictions/pose3d/vibe/vibe_output.pkl`]: '',
    })))
    expect(items.map(({ facts }) => [facts.poses.map(({ folder }) => folder), facts.images])).toEqual([
      [[`${SCAN}/dev3/pose2d`, `pose_annotations/${SCAN}/dev3/pose3d`], `${SCAN}/dev3/images`]])
    expect(ignored).toEqual(['manual a second time of 1 film', 'predictions/pose3d of 1 film', 'seg of 1 film'])
  })

  test('and says what is missing', async () => {
    const folder = withDatabase(ikeaFolder({ [`${SCAN}/dev3/${pose(0)}`]: nobody }), [])
    expect(await ikeaAsm.discover(contextOf(entry, folder))).toMatchObject({
      complete: false, hasFrames: false,
      missing: ['gt_segments.json', 'gt_action.npy', 'train_cross_env.txt', 'test_cross_env.txt', 'labels of 370 of 371 scans', 'poses of 370 of 371 scans',
        'videos and frames', 'Calibration'],
    })
  })

  test('or refuses a folder without any', async () => {
    const folder = ikeaFolder({ 'readme.txt': '' })
    await expect(ikeaAsm.discover(contextOf(entry, folder))).rejects.toMatchObject({
      code: 'E_RAW_EMPTY', message: `no scans of IKEA ASM (Lack_TV_Bench/<scan>/dev3/..., annotations/ikea_annotation_db_full) in ${folder}` })
  })
})

describe('reads calibration', () => {
  const path = 'Calibration/02/dev1/camera_parameters.json'

  test('of the scene in the name of the scan', async () => {
    const [film] = await read({ ...labels, [`${SCAN}/dev1/${pose(0)}`]: nobody, [path]: camera })
    expect(film!.clips[0]!.calibration).toEqual({
      fx: 1000, fy: 1001, cx: 960, cy: 540, width: 1920, height: 1080, distortion: [0.1, 0, 0, 0, 0], rotation: [0, -1, 0, 1, 0, 0, 0, 0, 1],
      translation: [1, 2, 3], unit: 'cm',
    })
    expect(film!.clips[0]!.files.at(-2)).toMatchObject({ path, role: 'camera' })
  })

  test('and sets a broken one aside once, whatever films it is of', async () => {
    const files = { ...labels, [`${SCAN}/dev1/${pose(0)}`]: nobody, [path]: { ...camera, T: [[1], [2]] } }
    const { quarantined } = await ikeaAsm.discover(contextOf(entry, ikeaFolder(files)))
    expect(quarantined).toMatchObject([{ source: path, code: 'E_IKEA_CALIBRATION', message: 'T is [[1],[2]], not 3 numbers' }])
    const [film] = await read(files)
    expect(film).toMatchObject({ quarantined: [], clips: [{ calibration: null }] })
    expect(film!.clips[0]!.flags).toContain('calibration-quarantined')
  })
})

describe('a scan that no file labels', () => {
  test('is as long as its poses', async () => {
    const [film] = await read({ [`${SCAN}/dev1/${pose(6)}`]: nobody })
    expect(film!.clips).toMatchObject([{ frames: 7, labels: { segments: [], officialSplit: null } }])
    expect(film!.clips[0]!.flags).toContain('labels-missing')
  })
})

// values read by hand from tiny-raw/ikea_asm
describe.skipIf(shared === null)('a tiny tree, made by hand', () => {
  let films: FilmRead[]
  let clips: Record<string, Clip>
  beforeAll(async () => {
    films = await readFilms(ikeaAsm, contextOf(entry, `${shared}/data/tiny-raw/ikea_asm`, { frames: 'none' }))
    clips = Object.fromEntries(films.flatMap((film) => film.clips).map((clip) => [clip.source, clip]))
  })

  test('has four sources of poses and nothing that cannot be read', () => {
    expect(films.flatMap(({ quarantined }) => quarantined)).toEqual([])
    const shape = ({ frames, persons, joints, dims, unit, skeleton }: Clip): readonly unknown[] => [frames, persons, joints, dims, unit, skeleton]
    expect(Object.fromEntries(Object.entries(clips).map(([source, clip]) => [source, shape(clip)]))).toEqual({
      manual: [3, 1, 17, 2, 'px', 'coco-17'], pose3d: [3, 1, 17, 3, 'cm', 'coco-17'],
      'keypoint-rcnn-ft-all': [3, 1, 17, 2, 'px', 'coco-17'], openpose: [3, 1, 19, 2, 'px', 'body-19'],
    })
  })

  test('of people: frame 0 alone, confidence in thirds', () => {
    const { keypoints, states, boxes } = clips['manual']!
    expect([...keypoints!.subarray(0, 6), ...keypoints!.subarray(48, 51)]).toEqual([900, 300, 1, 910.5, 320.25, 1, 1068, 624, Math.fround(1 / 3)])
    expect([...new Set(states!.subarray(0, 17))]).toEqual([OBSERVED])
    expect([...new Set(states!.subarray(17))]).toEqual([ABSENT])
    expect(boxes).toBeNull()
  })

  test('of Keypoint R-CNN: with its boxes, and nobody in frame 2', () => {
    const { keypoints, states, boxes, raw, files } = clips['keypoint-rcnn-ft-all']!
    expect([...keypoints!.subarray(51, 54)]).toEqual([900, 300, Math.fround(0.9)])
    expect([...boxes!]).toEqual([850, 250, 1120, 700, 850, 250, 1120, 700, NaN, NaN, NaN, NaN])
    expect([...new Set(states!.subarray(34))]).toEqual([ABSENT])
    expect([...raw!.subarray(68, 70)]).toEqual([0, 0])
    expect(files.map(({ frame, role }) => [frame, role])).toEqual([[0, 'keypoints'], [1, 'keypoints'], [2, 'keypoints']])
  })

  test('of OpenPose: the middle of the hips and an ear are missing, and nobody is in frame 2', () => {
    const { keypoints, states, flags } = clips['openpose']!
    expect([...states!.subarray(0, 19)].flatMap((state, joint) => (state === ABSENT ? [joint] : []))).toEqual([8, 17])
    expect([...keypoints!.subarray(21, 27), ...keypoints!.subarray(54, 57)]).toEqual([907, 370, Math.fround(0.8), NaN, NaN, 0, 917, 470, Math.fround(0.8)])
    expect([...new Set(states!.subarray(38))]).toEqual([ABSENT])
    expect(flags).toEqual(['labels-missing'])
  })

  test('in three dimensions: cm, and the last joint was not triangulated', () => {
    const { keypoints, states } = clips['pose3d']!
    expect([...keypoints!.subarray(4, 8), ...keypoints!.subarray(64, 68)]).toEqual([1, 2, 250, 0.5, NaN, NaN, NaN, 0])
    expect([states![0], states![16]]).toEqual([OBSERVED, ABSENT])
  })
})

function withRoot(root: string): string {
  return ikeaFolder(Object.fromEntries(Object.entries(labels).map(([path, content]) => [root + path, content])))
}

async function read(files: Readonly<Record<string, unknown>>): Promise<FilmRead[]> {
  return readFilms(ikeaAsm, contextOf(entry, ikeaFolder(files), { frames: 'none' }))
}
