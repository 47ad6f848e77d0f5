/** Python's own reading of a twin's labels, by the authors' loop; the truth comes in on stdin, out come how many films it checked and which are in no list. */
export const readLabels = `
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
    columns = 'atomic_action_id, object_id, starting_frame, ending_frame'
    for action, object, start, end in database.execute('select ' + columns + ' from annotations where video_id = ? order by id', (video,)):
        if (action, object) in label: labels[start:end] = label[action, object]
    assert by_name[scan].dtype == np.int8 and (by_name[scan] == labels).all(), path
    assert labels.tolist() == given['labels'][scan], path
for scan, labels in by_name.items():
    edges = [0] + (np.flatnonzero(np.diff(labels)) + 1).tolist() + [len(labels)]
    runs = [{'label': names[labels[a]], 'segment': [a, b - 1]} for a, b in zip(edges, edges[1:]) if b - a > 1]
    assert segments[scan] == {'subset': 'testing' if scan in lines('test_cross_env.txt') else 'training', 'annotation': runs}, scan
print(json.dumps([cameras, unlisted]))`

/** Python's own reading of calibration and poses: how far what is written lies from the truth, and how often the authors' choice of a person is the worker. */
export const readPoses = `
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
print(json.dumps({'clicked': max(clicked), 'lifted': max(lifted), 'agree': float(np.mean(agree)),
  'rcnn': max(rcnn), 'openpose': float(np.median(openpose)), 'checked': len(agree)}))`
