"""What IKEA ASM's authors read from our twin of it: runs their classes of data sets and prints what these loaded, as one line of JSON.

    POSETTA_AUTHORS=<checkout of IkeaASM/IKEA_ASM_Dataset> python bench/peers/authors_ikea.py TWIN labels > test/ingest/authors/ikea-labels.json
    POSETTA_AUTHORS=<...> python bench/peers/authors_ikea.py TWIN poses > test/ingest/authors/ikea-poses.json

TWIN is a folder of `posetta synth ikea-asm TWIN`: with `--clips 4 --flaws` for the recorded labels, `--clips 3` for the poses. Needs numpy and torch.
Nothing of theirs is changed: they see the twin through links, where folders of pictures lie too (empty ones, by name: they look whether these are there), and
stand-ins for what reads pictures and draws, of which only the size of a picture is ever asked.
"""
import json
import os
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import torch

COMMIT = '6fc2d9ea67557ca748b43257e99e3beb6d3cf069'
CAMERAS = ['dev1', 'dev2', 'dev3']
METHODS = {'keypoint-rcnn-ft-all': 'predictions/pose2d/keypoint_rcnn_ft_all', 'openpose': 'predictions/pose2d/openpose'}
LISTS = {'train': 'train_cross_env.txt', 'test': 'test_cross_env.txt'}


def stand_in():
    names = ['cv2', 'joblib', 'tqdm', 'PIL', 'torchvision', 'torchvision.transforms', 'matplotlib', 'matplotlib.pyplot', 'mpl_toolkits', 'mpl_toolkits.mplot3d']
    modules = {name: ModuleType(name) for name in names}
    modules['PIL'].Image = SimpleNamespace(open=lambda path: SimpleNamespace(size=(1920, 1080)))
    modules['torchvision'].transforms = modules['torchvision.transforms']
    modules['tqdm'].tqdm = modules['mpl_toolkits.mplot3d'].Axes3D = None
    modules['matplotlib'].pyplot = modules['matplotlib.pyplot']
    sys.modules.update(modules)
    for folder in ('action', 'human_pose'):
        sys.path.insert(0, str(Path(os.environ['POSETTA_AUTHORS'], folder)))


def link(twin, root):
    """The twin as they expect it to lie: folders of pictures beside the poses, lists of the split at the top as well."""
    for path in sorted(twin.iterdir()):
        if path.is_dir() and path.name not in ('indexing_files', 'Calibration'):
            for film in sorted(path.glob('*/dev?')):
                home = root / film.relative_to(twin)
                (home / 'images').mkdir(parents=True)
                for inside in film.iterdir():
                    (home / inside.name).symlink_to(inside.resolve())
                for clicked in film.glob('pose2d/*.json'):
                    (home / 'images' / f'{clicked.stem}.png').touch()
        else:
            (root / path.name).symlink_to(path.resolve())
    for name in LISTS.values():
        (root / name).symlink_to((twin / 'indexing_files' / name).resolve())
    return root


def listed(values):
    """Numbers as short as their type allows."""
    return [float(str(value)) for value in np.asarray(values).ravel()]


def path_of(root, folder):
    """`Lack_TV_Bench/<scan>/dev3` of a folder of pictures."""
    return os.path.relpath(folder, root).removesuffix('/images')


def labels_of(root):
    from IKEAActionDataset import IKEAActionDataset, IKEAActionVideoClipDataset, IkeaAllSingleVideoActionDataset
    from eval import path_to_types
    from utils import convert_db_to_segment_json

    data = IKEAActionDataset(str(root), action_segments_filename=str(root / 'gt_segments.json'))
    films = {}
    for side in LISTS:
        for camera in CAMERAS:
            for folder, labels, frames in IKEAActionVideoClipDataset(str(root), set=side, camera=camera, mode='img').video_set:
                assert (labels.sum(0) == 1).all() and labels.shape[1] == frames
                films[path_of(root, folder)] = labels.argmax(0).tolist()
            single = IkeaAllSingleVideoActionDataset(str(root), set=side, camera=camera)
            for scan, labels in zip(single.video_list, single.frame_labels):
                assert films[f'{scan}/{camera}'] == labels.tolist(), f'two classes of theirs read {scan} differently'
    scans = list(json.loads((root / 'gt_segments.json').read_text())['database'])
    written = root.parent / 'segments.json'
    subsets = ['testing' if scan in data.testset_video_list else 'training' for scan in scans]
    convert_db_to_segment_json([np.array(films[f'{scan}/dev3']) for scan in scans], str(written), scans, data.action_list, 'labels', subset=subsets)
    types = {}
    for scan in scans:
        furniture, person, _, _, scene, _, _ = path_to_types(scan)
        types[scan] = {'furniture': furniture, 'person': person, 'scene': scene}
    return {
        'functions': ['action/IKEAActionDataset.py: IKEAActionDataset, IKEAActionVideoClipDataset, IkeaAllSingleVideoActionDataset',
                      'action/utils.py: convert_db_to_segment_json', 'human_pose/eval.py: path_to_types'],
        'classes': data.action_list, 'train': data.trainset_video_list, 'test': data.testset_video_list, 'scans': types,
        'pairs': [[action, thing, data.get_action_id(action, thing)] for action in range(1, 18) for thing in range(1, 12)],
        'films': films,
        # what they read of the file of segments, -1 = no label at all, and what their function writes into such a file
        'segments_read': {scan: np.where(labels.any(1), labels.argmax(1), -1).tolist() for scan, labels in zip(scans, data.action_labels)},
        'segments_written': json.loads(written.read_text())['database'],
    }


def poses_of(root):
    from IKEAActionDataset import IKEAPoseActionVideoClipDataset
    from ikea_pose_dataset import IKEAKeypointRCNNDataset, split_dataset
    from joint_ids import get_body25_joint_names, get_ikea_joint_names

    films = {}
    for side in LISTS:
        for camera in CAMERAS:
            for method, folder in METHODS.items():
                data = IKEAPoseActionVideoClipDataset(str(root), set=side, camera=camera, pose_path=folder)
                for film, _, frames in data.video_set:
                    films.setdefault(path_of(root, film), {})[method] = film_of(data, film, folder, frames)
    with redirect_stdout(StringIO()):
        split_dataset(SimpleNamespace(orig_dataset_dir=str(root), dataset_dir=str(root.parent / 'flat'), camera_id='dev3'))
    clicked = {}
    for side in LISTS:
        for one in IKEAKeypointRCNNDataset(str(root.parent / 'flat' / side)).annotations_all[::4]:
            clicked[one['id']] = listed(one['keypoints'])
    return {
        'functions': ['action/IKEAActionDataset.py: IKEAPoseActionVideoClipDataset, load_poses, get_active_person',
                      'human_pose/ikea_pose_dataset.py: split_dataset, IKEAKeypointRCNNDataset', 'human_pose/joint_ids.py'],
        'joints': {'ikea': get_ikea_joint_names(), 'body25': get_body25_joint_names()},
        'films': films, 'clicked': clicked, 'crowds': [crowd_of(data, *crowd) for crowd in crowds()],
    }


def film_of(data, film, folder, frames):
    """Of every frame the sum of the coordinates of whom they take, null where they fail; all of them in a frame with several people, and in one more."""
    poses = []
    for frame in range(frames):
        try:
            poses.append(data.load_poses(film, [frame])[:, 0, :, 0].T)
        except IndexError:
            poses.append(None)
    files = [Path(film.replace('images', folder), f'scan_video_{frame:012}_keypoints.json') for frame in range(frames)]
    crowded = [frame for frame, path in enumerate(files) if len(json.loads(path.read_text())['people']) > 1]
    samples = sorted({crowded[len(crowded) // 2], frames - 1} - {frame for frame, pose in enumerate(poses) if pose is None})
    return {'sums': [None if pose is None else round(pose.double().sum().item(), 3) for pose in poses],
            'frames': [{'frame': frame, 'joints': listed(poses[frame])} for frame in samples]}


def crowds():
    """Boxes of people in one frame: what it is about, the boxes, whether the files have them or only joints."""
    middle, left, corner = [800, 400, 1100, 700], [300, 400, 600, 700], [0, 0, 200, 300]
    small, smaller = [930, 500, 990, 580], [100, 100, 160, 180]
    for has_boxes in (True, False):
        yield 'two large', [left, middle], has_boxes
        yield 'a small one nearer', [left, small], has_boxes
        yield 'a small one between two large', [corner, small, left], has_boxes
        yield 'two alike', [[700, 400, 900, 600], [1020, 480, 1220, 680]], has_boxes
        yield 'nobody large, the nearest last', [smaller, small], has_boxes
        yield 'nobody large, the nearest first', [small, smaller], has_boxes


def crowd_of(data, about, boxes, has_boxes):
    people = [{'pose_keypoints_2d': [box[0], box[1], 0.9, box[2], box[3], 0.8, 0, 0, 0], **({'boxes': box} if has_boxes else {})} for box in boxes]
    taken = data.get_active_person(people).tolist()
    return {'about': about, 'people': people, 'taken': [person['pose_keypoints_2d'] for person in people].index(taken)}


def main(twin, part):
    stand_in()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, 'linked')
        home.mkdir()
        functions, *values = {'labels': labels_of, 'poses': poses_of}[part](link(Path(twin), home)).items()
    record = {
        'made_by': f'bench/peers/authors_ikea.py TWIN {part}',
        'loader': {'repository': 'IkeaASM/IKEA_ASM_Dataset', 'commit': COMMIT, 'functions': functions[1]},
        'versions': {'numpy': np.__version__, 'torch': torch.__version__},
        'twin': json.loads((Path(twin) / 'posetta-twin.json').read_text()), **dict(values)}
    json.dump(record, sys.stdout, separators=(',', ':'))
    print()


main(*sys.argv[1:])
