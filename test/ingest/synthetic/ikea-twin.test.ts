import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type IkeaTruth, ikeaTruth, writeIkeaTwin } from '../../../src/ingest/synthetic/ikea-asm/ikea-twin.ts'
import { pythonWith, runPython } from '../../python.ts'
import { shared } from '../../shared.ts'
import { filesOf, hashOf, newFolder } from './ikea-folder.ts'
import { readLabels, readPoses } from './ikea-python.ts'

const python = pythonWith('numpy', 'sqlite3')
const DEVICES = ['dev1', 'dev2', 'dev3'] as const
const plain = ikeaTruth({ scans: 6, seed: 1, flaws: false })
const dir = newFolder()
let written: { files: number; bytes: number }

beforeAll(async () => {
  written = await writeIkeaTwin(dir, plain, { frames: false, video: false })
})

describe('the truth', () => {
  test('is the same for the same seed, another for another, and a larger one begins with the smaller', () => {
    const draw = (scans: number, seed: number): IkeaTruth => ikeaTruth({ scans, seed, flaws: false })
    const [again, more, other] = [draw(2, 1), draw(3, 1), draw(2, 2)]
    expect(again.scans).toEqual(more.scans.slice(0, 2))
    expect(other.scans[0]!.views.dev3.joints).not.toEqual(again.scans[0]!.views.dev3.joints)
  })

  test('names scans by the grammar, no two alike, with scenes 04, 05 and 08 to test on', () => {
    const { scans } = ikeaTruth({ scans: 40, seed: 3, flaws: false })
    const named = scans.map(({ name }) => /^\d{4}_(?:white|black|oak)_(?:floor|table)_(\d\d)_\d\d_2019_08_\d\d_\d\d_\d\d$/.exec(name)?.[1])
    expect(new Set(scans.map(({ path }) => path)).size).toBe(40)
    expect(named.map((scene) => (['04', '05', '08'].includes(scene!) ? 'test' : 'train'))).toEqual(scans.map(({ side }) => side))
    expect(new Set(scans.map(({ folder, side }) => `${folder} ${side}`)).size).toBe(8)
    expect(scans.every(({ frames }) => frames >= 40 && frames <= 160)).toBe(true)
  })

  test('has one worker everywhere, whom others pass and networks overlook', () => {
    const findings = plain.scans.flatMap(({ views }) => DEVICES.flatMap((device) => [...views[device].keypointRcnn, ...views[device].openPose]))
    const count = (people: number, chosen: number | null): number => findings.filter((one) => one.people.length === people && one.chosen === chosen).length
    const shares = [count(0, null), count(1, 0), count(2, 0), count(2, 1)]
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(findings.length)
    expect(Math.min(...shares) / findings.length).toBeGreaterThan(0.02)
    expect(shares[1]! / findings.length).toBeGreaterThan(0.6)
  })

  test('refuses more scans than the data set has', () => {
    expect(() => ikeaTruth({ scans: 372, seed: 1, flaws: false })).toThrow('372 scans; a twin of ikea-asm has 1 to 371')
  })
})

describe('a twin', () => {
  test('has a file of poses per frame and network, and counts what it wrote', () => {
    const paths = filesOf(dir)
    expect(paths.length).toBe(written.files)
    expect(paths.reduce((sum, path) => sum + statSync(join(dir, path)).size, 0)).toBe(written.bytes)
    const { path, frames } = plain.scans[0]!
    const own = paths.filter((one) => one.startsWith(`${path}/dev3/`)).map((one) => one.slice(path.length + 6))
    const predicted = /^predictions\/pose2d\/(?:keypoint_rcnn_ft_all|openpose)\/scan_video_\d{12}_keypoints\.json$/
    expect(own.filter((one) => predicted.test(one))).toHaveLength(2 * frames)
    expect(own.filter((one) => /^pose[23]d\/\d{6}\.json$/.test(one))).toHaveLength(2 * Math.floor(frames / 10))
    expect(own.filter((one) => !one.endsWith('.json'))).toEqual(['ColorIns.txt'])
    expect(paths.filter((one) => !one.includes('/dev'))).toEqual(['gt_action.npy', 'gt_segments.json', 'ikea_annotation_db_full',
      ...['action_object_relation_list', 'atomic_action_list', 'test_cross_env', 'train_cross_env'].map((name) => `indexing_files/${name}.txt`)])
    expect(readFileSync(`${dir}/${path}/dev1/ColorIns.txt`, 'utf8').trim().split('\n')).toHaveLength(26)
  })

  test('lists the scans by side', () => {
    for (const side of ['train', 'test'] as const) {
      const paths = plain.scans.filter((scan) => scan.side === side).map(({ path }) => `${path}\n`)
      expect(readFileSync(`${dir}/indexing_files/${side}_cross_env.txt`, 'utf8')).toBe(paths.join(''))
    }
  })

  test('has the same bytes for the same truth, written anew or over itself', async () => {
    const [small, again] = [ikeaTruth({ scans: 2, seed: 1, flaws: false }), newFolder()]
    const first = await writeIkeaTwin(again, small, { frames: false, video: false })
    const hash = hashOf(again)
    expect(await writeIkeaTwin(again, small, { frames: false, video: false })).toEqual(first)
    expect(hashOf(again)).toBe(hash)
    const scans = filesOf(again).filter((path) => small.scans.some((scan) => path.startsWith(scan.path)))
    for (const path of scans) expect(readFileSync(join(again, path)).equals(readFileSync(join(dir, path)))).toBe(true)
  })

  test.skipIf(shared === null)('has the forms of the hand-made example', () => {
    const tiny = `${shared!}/data/tiny-raw/ikea_asm`
    const scan = `${tiny}/Kallax_Shelf_Drawer/0001_black_table_02_01_2019_08_16_14_00/dev3`
    const [first] = plain.scans
    const own = `${dir}/${first!.path}/dev3`
    const frame = first!.views.dev3.keypointRcnn.findIndex(({ people }, at) => people.length === 1 && first!.views.dev3.openPose[at]!.people.length === 1)
    const keyFrame = first!.views.dev3.manual[0]!.frame
    const scene = String(first!.scene).padStart(2, '0')
    const at = (one: number): string => `scan_video_${String(one).padStart(12, '0')}_keypoints.json`
    for (const [mine, theirs] of [
      [`${dir}/Calibration/${scene}/dev2/camera_parameters.json`, `${tiny}/Calibration/02/dev2/camera_parameters.json`],
      [`${own}/pose2d/${String(keyFrame).padStart(6, '0')}.json`, `${scan}/pose2d/000000.json`],
      [`${own}/pose3d/${String(keyFrame).padStart(6, '0')}.json`, `${scan}/pose3d/000000.json`],
      [`${own}/predictions/pose2d/keypoint_rcnn_ft_all/${at(frame)}`, `${scan}/predictions/pose2d/keypoint_rcnn_ft_all/${at(0)}`],
    ] as const) expect(formOf(mine)).toEqual(formOf(theirs))
    const overlooked = first!.views.dev3.keypointRcnn.findIndex(({ people }) => people.length === 0)
    const nobody = (folder: string, frame: number): unknown => readJson(`${folder}/predictions/pose2d/keypoint_rcnn_ft_all/${at(frame)}`)
    expect(nobody(own, overlooked)).toEqual(nobody(scan, 2))
    const short = plain.scans[1]!
    const found = short.views.dev3.openPose.findIndex(({ people }) => people.length === 1)
    expect(formOf(`${dir}/${short.path}/dev3/predictions/pose2d/openpose/${at(found)}`)).toEqual(formOf(`${scan}/predictions/pose2d/openpose/${at(0)}`))
  })

  test('stops when told to, between two cameras', async () => {
    await expect(writeIkeaTwin(newFolder(), plain, { frames: false, video: false, signal: AbortSignal.abort() })).rejects.toThrow('This operation was aborted')
  })
})

describe.skipIf(python === null)('Python reads', () => {
  test('the same labels out of the database, gt_action.npy and gt_segments.json', () => {
    const labels = Object.fromEntries(plain.scans.map((scan) => [scan.path, [...scan.labels]]))
    expect(JSON.parse(runPython(python!, readLabels, JSON.stringify({ dir, labels })))).toEqual([18, []])
  })

  test('poses that calibration carries from the world into each picture, and the authors choose the worker', () => {
    const told = ({ joints, pixels, keypointRcnn, openPose }: IkeaTruth['scans'][number]['views']['dev1']) => ({
      joints: [...joints], pixels: [...pixels],
      chosen: { keypoint_rcnn_ft_all: keypointRcnn.map((one) => one.chosen), openpose: openPose.map((one) => one.chosen) },
    })
    const scans = plain.scans.slice(0, 3).map(({ path, scene, joints19, views: { dev1, dev2, dev3 } }) => {
      return { path, scene, joints19, views: { dev1: told(dev1), dev2: told(dev2), dev3: told(dev3) } }
    })
    const found = JSON.parse(runPython(python!, readPoses, JSON.stringify({ dir, scans }))) as Record<string, number>
    expect(found['checked']).toBeGreaterThan(1500)
    expect(found['agree']).toBe(1)
    expect([found['clicked']! < 4, found['lifted']! < 3, found['rcnn']! < 8, found['openpose']! < 5]).toEqual([true, true, true, true])
  })
})

/** Keys and lengths all the way down, without the numbers. */
function formOf(file: string): unknown {
  const form = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(form)
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, form(one)])) : typeof value
  }
  return form(readJson(file))
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
