import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { ABSENT, type Clip, OBSERVED } from '../../../src/clip.ts'
import type { FilmRead } from '../../../src/ingest/adapter.ts'
import { ikeaAsm } from '../../../src/ingest/adapters/ikea-asm/ikea-asm.ts'
import { contextOf, readFilms } from '../read-film.ts'
import { gtActionFile, ikeaFolder, SCAN } from './ikea-raw.ts'

let entry: DatasetEntry

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'ikea-asm')
})

/** Somebody whose joint j is at (x + j, y + j). */
const person = (x: number, y: number, { joints = 17, score = 0.5, box = null as readonly number[] | null } = {}): unknown => ({
  pose_keypoints_2d: Array.from({ length: joints }, (_, joint) => [x + joint, y + joint, score]).flat(), ...(box === null ? {} : { boxes: box }),
})
const nobody = { pose_keypoints_2d: Array.from({ length: 51 }, () => 0), boxes: [0, 0, 0, 0], score: 0 }
const names = ['nose', 'left eye', 'right eye', 'left ear', 'right ear', 'left shoulder', 'right shoulder', 'left elbow', 'right elbow', 'left wrist',
  'right wrist', 'left hip', 'right hip', 'left knee', 'right knee', 'left ankle', 'right ankle']
const manual = (confidence: (joint: number) => number): Record<string, unknown> =>
  Object.fromEntries(names.map((name, joint) => [name, { position: [10 * joint, 5], confidence: confidence(joint) }]))
const path = (method: string, frame: number): string => `predictions/pose2d/${method}/scan_video_${String(frame).padStart(12, '0')}_keypoints.json`

describe('a clip of poses', () => {
  test('has every frame that is labelled; where there is no file, no joint is', async () => {
    const { frames, states, raw } = await clipOf({ [path('openpose', 1)]: { people: [person(100, 200, { joints: 25 })] } })
    expect(frames).toBe(3)
    expect([0, 25, 50].map((at) => states![at])).toEqual([ABSENT, OBSERVED, ABSENT])
    expect([raw![0], raw![50]]).toEqual([NaN, 100])
  })

  test('leaves out files beyond the labels, and says so', async () => {
    const { flags, files } = await clipOf({ [path('openpose', 2)]: { people: [] }, [path('openpose', 3)]: 'not even JSON' })
    expect(flags).toEqual(['frames-beyond-labels', 'no-observed-joint', 'not-in-split'])
    expect(files.filter(({ role }) => role === 'keypoints').map(({ frame }) => frame)).toEqual([2])
  })

  test('loses a frame, not its life, to a file that cannot be read or has another number of joints', async () => {
    const film = await filmOf({
      [path('keypoint_rcnn', 0)]: { people: [person(1, 2)] }, [path('keypoint_rcnn', 1)]: '{"people": [',
      [path('keypoint_rcnn', 2)]: { people: [person(1, 2, { joints: 16 })] },
    })
    expect(film.quarantined.map(({ source, code, message, offset }) => [source, code, message, offset])).toEqual([
      [`${SCAN}/dev3/${path('keypoint_rcnn', 1)}`, 'E_JSON_SYNTAX', 'expected a value at byte 12, found the end of the file', 12],
      [`${SCAN}/dev3/${path('keypoint_rcnn', 2)}`, 'E_IKEA_JOINTS',
        'somebody has 48 numbers, 3 a joint; in the files beside it people have 17 joints, 51 numbers', null],
    ])
    expect(film.clips[0]!.flags).toEqual(['frames-quarantined', 'not-in-split'])
    expect([...film.clips[0]!.states!.subarray(16, 18)]).toEqual([OBSERVED, ABSENT])
  })

  test.each([[17, 'coco-17', 17, []], [19, 'body-19', 19, []], [25, 'body-25', 25, []], [26, 'body-25', 25, ['background-left-out']]] as const)(
    'of OpenPose has a skeleton by its %i joints', async (count, skeleton, joints, flags) => {
      const clip = await clipOf({ [path('openpose_pytorch_ft_all', 0)]: { people: [person(1, 2, { joints: count })] } })
      expect(clip).toMatchObject({ id: `ikea-asm/${SCAN}/dev3#openpose-pytorch-ft-all`, skeleton, joints, source: 'openpose-pytorch-ft-all' })
      expect(clip.flags).toEqual([...flags, 'not-in-split'])
    })

  test('of a number of joints that nobody knows is not made; the folder is set aside, and the labels stay', async () => {
    const film = await filmOf({ [path('openpose_staf', 0)]: { people: [] }, [path('openpose_staf', 1)]: { people: [person(1, 2, { joints: 21 })] } })
    expect(film.quarantined).toMatchObject([{
      source: `${SCAN}/dev3/predictions/pose2d/openpose_staf`, code: 'E_IKEA_JOINTS', sha256: null,
      message: 'nobody has a number of joints that is known; the first has 63 numbers, 3 a joint', readmit: 'skeletons of 17, 19, 25, 26 joints are known',
    }])
    expect(film.clips).toMatchObject([{ id: `ikea-asm/${SCAN}/dev3`, keypoints: null, frames: 3, source: 'labels' }])
  })

  test('passes by summaries and whatever else is not named after a frame', async () => {
    expect((await filmOf({ [path('openpose', 0)]: { people: [] }, 'predictions/pose2d/openpose/output_coco_format.json': '[' })).quarantined).toEqual([])
  })
})

describe('confidence', () => {
  test('is a third of what annotators say', async () => {
    const { keypoints } = await clipOf({ 'pose2d/000000.json': manual((joint) => 1 + (joint % 3)) })
    expect([...keypoints!.subarray(0, 9)]).toEqual([0, 5, Math.fround(1 / 3), 10, 5, Math.fround(2 / 3), 20, 5, 1])
  })

  test('is the score of Keypoint R-CNN as long as all of a clip lie in 0..1', async () => {
    const { keypoints, flags } = await clipOf({ [path('keypoint_rcnn_ft', 0)]: { people: [person(1, 2, { score: 0.25 })] } })
    expect([keypoints![2], flags]).toEqual([0.25, ['not-in-split']])
  })

  test('is the logistic function of its score when they are logits', async () => {
    const { keypoints, flags } = await clipOf({
      [path('keypoint_rcnn_ft', 0)]: { people: [person(1, 2, { score: 0 })] },
      [path('keypoint_rcnn_ft', 1)]: { people: [person(1, 2, { score: Math.log(3) })] },
    })
    expect([keypoints![2], keypoints![53]]).toEqual([0.5, expect.closeTo(0.75, 6)])
    expect(flags).toEqual(['not-in-split', 'scores-are-logits'])
  })

  test('is cut where OpenPose says more than 1', async () => {
    const { keypoints, flags } = await clipOf({ [path('openpose', 0)]: { people: [person(1, 2, { joints: 25, score: 1.02 })] } })
    expect([keypoints![2], flags]).toEqual([1, ['not-in-split', 'scores-clipped']])
  })
})

describe('of several people the worker comes first and the others stay', () => {
  test.each([
    ['the nearest to the middle of the picture', [[700, 300, 900, 900], [900, 300, 1100, 900]], 1],
    ['but for small ones', [[950, 530, 970, 550], [100, 300, 400, 900]], 1],
    ['the nearest one where all are small', [[100, 100, 120, 120], [900, 500, 920, 520]], 1],
    ['the first of two alike', [[860, 440, 1060, 640], [860, 440, 1060, 640]], 0],
  ])('%s, by the boxes of Keypoint R-CNN', async (_, boxes, chosen) => {
    const people = boxes.map((box, at) => person(100 * at, 50, { box }))
    const { persons, keypoints, boxes: kept } = await clipOf({ [path('keypoint_rcnn', 0)]: { people }, [path('keypoint_rcnn', 1)]: { people: [nobody] } })
    expect(persons).toBe(2)
    expect([keypoints![0], keypoints![51]]).toEqual(chosen === 0 ? [0, 100] : [100, 0])
    expect([...kept!.subarray(0, 5)]).toEqual([...boxes[chosen]!, NaN])
  })

  test('by the joints of OpenPose, without the missing ones', async () => {
    const spread = (x: number): unknown => ({ pose_keypoints_2d: [x, 300, 0.5, x + 200, 800, 0.5, ...Array.from({ length: 69 }, () => 0)] })
    const { keypoints, states, boxes } = await clipOf({ [path('openpose', 0)]: { people: [spread(100), spread(900)] } })
    expect([keypoints![0], keypoints![75], states![2], boxes]).toEqual([900, 100, ABSENT, null])
  })
})

describe('a pose file that is none', () => {
  const { nose: _, ...noseless } = manual(() => 3)
  test.each([
    ['pose2d/000000.json', '[]', 'it holds no joints by name'],
    ['pose2d/000000.json', noseless, 'the joint "nose" is missing'],
    ['pose2d/000000.json', { ...manual(() => 3), tail: 1 }, `there is a joint "tail"; 17 are known: ${names.join(', ')}`],
    ['pose2d/000000.json', manual((joint) => (joint === 2 ? 4 : 3)), 'the confidence of "right eye" is 4; there are 1, 2 and 3'],
    ['pose2d/000000.json', { ...manual(() => 3), nose: { position: [1], confidence: 3 } }, 'the joint "nose" has 2 numbers, not 3'],
    [path('openpose', 0), { persons: [] }, 'there is no list "people"'],
    [path('openpose', 0), { people: [1] }, 'people[0] is no person'],
    [path('openpose', 0), { people: [{ pose_keypoints_2d: 'none' }] }, 'pose_keypoints_2d of people[0] is "none", no list of numbers'],
    [path('openpose', 0), '{"people": [{"pose_keypoints_2d": [1, NaN, 1]}]}', 'number 1 of pose_keypoints_2d of people[0] is NaN'],
    [path('openpose', 0), { people: [{ pose_keypoints_2d: [1, null, 1] }] }, 'number 1 of pose_keypoints_2d of people[0] is null'],
    [path('openpose', 0), { people: [person(1, 2, { box: [1, 2, 3] })] }, 'boxes of people[0] has 3 numbers, not 4'],
    ['pose3d/000000.json', { format: 'h36m', pose_keypoints_3d: [] }, 'the format is "h36m"; ikea and body25 are known'],
    ['pose3d/000000.json', { format: 'body25', pose_keypoints_3d: [1] }, 'pose_keypoints_3d in the format body25 has 1 numbers, not 100'],
  ])('%s: %#', async (file, content, message) => {
    const { quarantined } = await filmOf({ [file]: content })
    expect(quarantined.map((entry) => [entry.source, entry.code, entry.message])).toEqual([[`${SCAN}/dev3/${file}`, 'E_IKEA_POSE', message]])
  })
})

/** The film of dev3 of a scan of 3 labelled frames. */
async function filmOf(files: Readonly<Record<string, unknown>>): Promise<FilmRead> {
  const own = Object.entries(files).map(([name, content]) => [`${SCAN}/dev3/${name}`, content])
  const folder = ikeaFolder({ 'gt_action.npy': gtActionFile([0, 31, 31]), ...Object.fromEntries(own) })
  const films = await readFilms(ikeaAsm, contextOf(entry, folder, { frames: 'none' }))
  expect(films).toHaveLength(1)
  return films[0]!
}

async function clipOf(files: Readonly<Record<string, unknown>>): Promise<Clip> {
  const { clips, quarantined } = await filmOf(files)
  expect([clips.length, quarantined]).toEqual([1, []])
  return clips[0]!
}
