import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/hash.ts'
import { ikeaTruth, writeIkeaTwin } from '../../../src/ingest/synthetic/ikea-twin.ts'
import { pythonWith, runPython } from '../../python.ts'
import { shared } from '../../shared.ts'

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
    const [again, more, other] = [ikeaTruth({ scans: 2, seed: 1, flaws: false }), ikeaTruth({ scans: 3, seed: 1, flaws: false }), ikeaTruth({ scans: 2, seed: 2, flaws: false })]
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
    const shares = [[0, null], [1, 0], [2, 0], [2, 1]].map(([people, chosen]) => findings.filter((one) => one.people.length === people && one.chosen === chosen).length)
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
    expect(own.filter((one) => /^predictions\/pose2d\/(?:keypoint_rcnn_ft_all|openpose)\/scan_video_\d{12}_keypoints\.json$/.test(one))).toHaveLength(2 * frames)
    expect(own.filter((one) => /^pose[23]d\/\d{6}\.json$/.test(one))).toHaveLength(2 * Math.floor(frames / 10))
    expect(own.filter((one) => !/\.json$/.test(one))).toEqual(['ColorIns.txt'])
    expect(paths.filter((one) => !one.includes('/dev'))).toEqual(['gt_action.npy', 'gt_segments.json', 'ikea_annotation_db_full',
      ...['action_object_relation_list', 'atomic_action_list', 'test_cross_env', 'train_cross_env'].map((name) => `indexing_files/${name}.txt`)])
    expect(readFileSync(`${dir}/${path}/dev1/ColorIns.txt`, 'utf8').trim().split('\n')).toHaveLength(26)
  })

  test('lists the scans by side', () => {
    for (const side of ['train', 'test'] as const) {
      expect(readFileSync(`${dir}/indexing_files/${side}_cross_env.txt`, 'utf8')).toBe(plain.scans.filter((scan) => scan.side === side).map(({ path }) => `${path}\n`).join(''))
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
      [`${own}/pose2d/${String(keyFrame).padStart(6, '0')}.json`, `${scan}/pose2d/000000.json`], [`${own}/pose3d/${String(keyFrame).padStart(6, '0')}.json`, `${scan}/pose3d/000000.json`],
      [`${own}/predictions/pose2d/keypoint_rcnn_ft_all/${at(frame)}`, `${scan}/predictions/pose2d/keypoint_rcnn_ft_all/${at(0)}`],
    ] as const) expect(formOf(mine)).toEqual(formOf(theirs))
    const overlooked = first!.views.dev3.keypointRcnn.findIndex(({ people }) => people.length === 0)
    expect(readJson(`${own}/predictions/pose2d/keypoint_rcnn_ft_all/${at(overlooked)}`)).toEqual(readJson(`${scan}/predictions/pose2d/keypoint_rcnn_ft_all/${at(2)}`))
    const short = plain.scans[1]!
    const found = short.views.dev3.openPose.findIndex(({ people }) => people.length === 1)
    expect(formOf(`${dir}/${short.path}/dev3/predictions/pose2d/openpose/${at(found)}`)).toEqual(formOf(`${scan}/predictions/pose2d/openpose/${at(0)}`))
  })

  test('stops when told to, between two cameras', async () => {
    await expect(writeIkeaTwin(newFolder(), plain, { frames: false, video: false, signal: AbortSignal.abort() })).rejects.toThrow('This operation was aborted')
  })
})

/** Reads a twin with Python alone, by the spec, and says what it found; the truth comes in on stdin. */
const READ = `
import json, os, sqlite3, sys, numpy as np
given = json.load(sys.stdin)
root = given['dir']
load = lambda *parts: json.load(open(os.path.join(root, *parts)))
lines = lambda name: open(os.path.join(root, 'indexing_files', name)).read().split('\\n')[:-1]
names = ['NA'] + sorted(lines('atomic_action_list.txt'))
pairs = [tuple(map(int, line.split())) for line in lines('action_object_relation_list.txt')]
label = {pair: names.index(name) for pair, name in zip(pairs, lines('atomic_action_list.txt'))}
database = sqlite3.connect(os.path.join(root, 'ikea_annotation_db_full'))
videos = database.execute('select id, video_path, nframes from videos').fetchall()
listed = set(lines('train_cross_env.txt') + lines('test_cross_env.txt'))
npy = np.load(os.path.join(root, 'gt_action.npy'), allow_pickle=True).item()
by_name = dict(zip(npy['scan_name'], npy['gt_labels']))
segments = load('gt_segments.json')['database']
assert list(segments) == npy['scan_name'] == lines('test_cross_env.txt') + lines('train_cross_env.txt')
cameras, unlisted = 0, []
for video, path, frames in videos:
    scan = '/'.join(path.split('/')[:2])
    if scan not in listed:
        unlisted.append(path)
        continue
    cameras += 1
    labels = np.zeros(frames, int)
    for action, object, start, end in database.execute('select atomic_action_id, object_id, starting_frame, ending_frame from annotations where video_id = ? order by id', (video,)):
        if (action, object) in label: labels[start:end] = label[action, object]
    assert by_name[scan].dtype == np.int8 and (by_name[scan] == labels).all(), path
    assert labels.tolist() == given['labels'][scan], path
for scan, labels in by_name.items():
    edges = [0] + (np.flatnonzero(np.diff(labels)) + 1).tolist() + [len(labels)]
    runs = [{'label': names[labels[a]], 'segment': [a, b - 1]} for a, b in zip(edges, edges[1:]) if b - a > 1]
    assert segments[scan] == {'subset': 'testing' if scan in lines('test_cross_env.txt') else 'training', 'annotation': runs}, scan
print(json.dumps([cameras, unlisted]))`

const POSES = `
import json, os, sys, numpy as np
given = json.load(sys.stdin)
root = given['dir']
load = lambda *parts: json.load(open(os.path.join(root, *parts)))
coco = ['nose'] + [side + ' ' + part for part in ('eye', 'ear', 'shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle') for side in ('left', 'right')]
def choose(boxes):
    boxes = np.array(boxes, float)
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    far = np.hypot((boxes[:, 0] + boxes[:, 2]) / 2 - 960, (boxes[:, 1] + boxes[:, 3]) / 2 - 540)
    return int(np.argmin(np.where((area > 20000) | (area <= 20000).all(), far, np.inf)))
def around(flat):
    points = np.array(flat, float).reshape(-1, 3)
    points = points[points[:, :2].any(1), :2]
    return [*points.min(0), *points.max(0)]
clicked, lifted, agree, rcnn, openpose = [], [], [], [], []
for scan in given['scans']:
    worlds = {}
    for device in ('dev1', 'dev2', 'dev3'):
        view, folder = scan['views'][device], os.path.join(scan['path'], device)
        c = load('Calibration', '%02d' % scan['scene'], device, 'camera_parameters.json')
        K, R, T = np.array(c['K']), np.array(c['R']), np.array(c['T'])
        joints, pixels = np.array(view['joints']).reshape(-1, 17, 3), np.array(view['pixels']).reshape(-1, 17, 2)
        world = (joints - T[:, 0]) @ R
        assert np.allclose(((world @ R.T + T[:, 0]) @ K.T)[..., :2] / joints[..., 2:], pixels, atol=1e-6)
        worlds[device] = world
        for name in sorted(os.listdir(os.path.join(root, folder, 'pose3d'))):
            points = np.array(load(folder, 'pose3d', name)['pose_keypoints_3d']).reshape(17, 4)
            there = points[:, 3] > 0
            assert not points[~there].any()
            lifted.append(np.abs(points[there, :3] - joints[int(name[:6])][there]).max())
        if device == 'dev3':
            for name in sorted(os.listdir(os.path.join(root, folder, 'pose2d'))):
                marked = load(folder, 'pose2d', name)
                assert list(marked) == coco and {marked[joint]['confidence'] for joint in coco} <= {1, 2, 3}
                clicked.append(np.abs(np.array([marked[joint]['position'] for joint in coco]) - pixels[int(name[:6])]).max())
        else: assert not os.path.exists(os.path.join(root, folder, 'pose2d'))
        for method in ('keypoint_rcnn_ft_all', 'openpose'):
            for frame, chosen in enumerate(view['chosen'][method]):
                people = load(folder, 'predictions', 'pose2d', method, 'scan_video_%012d_keypoints.json' % frame)['people']
                if method == 'openpose':
                    assert {len(person['pose_keypoints_2d']) // 3 for person in people} <= {19 if scan['joints19'] else 25}
                    assert (chosen is None) == (people == [])
                    if chosen is None: continue
                    agree.append(choose([around(person['pose_keypoints_2d']) for person in people]) == chosen)
                    points = np.array(people[chosen]['pose_keypoints_2d']).reshape(-1, 3)
                    if scan['joints19']: assert not points[8].any()
                    nose, ear = points[0], points[18]
                    openpose += [np.hypot(*(one[:2] - pixels[frame][joint])) for one, joint in ((nose, 0), (ear, 3)) if one.any()]
                elif chosen is None: assert len(people) == 1 and not any(people[0]['pose_keypoints_2d']) and people[0]['score'] == 0
                else:
                    agree.append(choose([person['boxes'] for person in people]) == chosen)
                    rcnn.append(np.median(np.hypot(*(np.array(people[chosen]['pose_keypoints_2d']).reshape(17, 3)[:, :2] - pixels[frame]).T)))
    frames = min(map(len, worlds.values()))
    assert np.allclose(worlds['dev1'][:frames], worlds['dev2'][:frames], atol=1e-8) and np.allclose(worlds['dev3'][:frames], worlds['dev2'][:frames], atol=1e-8)
print(json.dumps({'clicked': max(clicked), 'lifted': max(lifted), 'agree': float(np.mean(agree)), 'rcnn': max(rcnn), 'openpose': float(np.median(openpose)), 'checked': len(agree)}))`

describe.skipIf(python === null)('Python reads', () => {
  test('the same labels out of the database, gt_action.npy and gt_segments.json', () => {
    const labels = Object.fromEntries(plain.scans.map((scan) => [scan.path, [...scan.labels]]))
    expect(JSON.parse(runPython(python!, READ, JSON.stringify({ dir, labels })))).toEqual([18, []])
  })

  test('poses that calibration carries from the world into each picture, and the authors choose the worker', () => {
    const scans = plain.scans.slice(0, 3).map(({ path, scene, joints19, views }) => ({ path, scene, joints19, views: Object.fromEntries(DEVICES.map((device) => {
      const { joints, pixels, keypointRcnn, openPose } = views[device]
      const chosen = { keypoint_rcnn_ft_all: keypointRcnn.map((one) => one.chosen), openpose: openPose.map((one) => one.chosen) }
      return [device, { joints: [...joints], pixels: [...pixels], chosen }]
    })) }))
    const found = JSON.parse(runPython(python!, POSES, JSON.stringify({ dir, scans }))) as Record<string, number>
    expect(found['checked']).toBeGreaterThan(1500)
    expect(found['agree']).toBe(1)
    expect([found['clicked']! < 4, found['lifted']! < 3, found['rcnn']! < 8, found['openpose']! < 5]).toEqual([true, true, true, true])
  })
})

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort()
}

function hashOf(folder: string): string {
  return sha256(Buffer.from(filesOf(folder).map((path) => `${path} ${sha256(readFileSync(join(folder, path)))}\n`).join('')))
}

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

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'posetta-ikea-'))
}
