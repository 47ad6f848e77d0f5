"""What PYSKL's authors read from annotation files: runs their PoseDataset on a small file and prints the file and what was loaded, as one line of JSON.

    POSETTA_AUTHORS=<checkout of kennymckormick/pyskl> python bench/peers/authors_pyskl.py ntu60-3d > test/ingest/authors/pyskl-ntu60-3d.json
    POSETTA_AUTHORS=<...> python bench/peers/authors_pyskl.py ntu60-2d > test/ingest/authors/pyskl-ntu60-2d.json

The file of 3-D skeletons is written by their tools/data/ntu_preproc.py, out of `.skeleton` texts that are drawn here; the one of 2-D poses, which theirs needs
networks for, is drawn here as tools/data/README.md describes it. Needs numpy, scipy and torch. Nothing of theirs is changed: stand-ins are there for what they
import and do not need for this, and for mmcv, of which they use the registry and `load` and `dump`, which are pickle's, of protocol 2.
"""
import base64
import json
import logging
import os
import pickle
import runpy
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType

import numpy as np

COMMIT = '3f6795f2573953342457abdb338f8943542f13c4'


class Registry(dict):
    def __init__(self, name):
        self.name = name

    def register_module(self):
        return lambda kind: self.setdefault(kind.__name__, kind)


def build_from_cfg(config, registry):
    options = dict(config)
    return registry[options.pop('type')](**options)


def load(path):
    return pickle.loads(Path(path).read_bytes())


def dump(value, path):
    Path(path).write_bytes(pickle.dumps(value, protocol=2))


def stand_in():
    given = {
        'cv2': {}, 'requests': {}, 'tqdm': {'tqdm': iter}, 'fvcore': {}, 'fvcore.nn': {'FlopCountAnalysis': None, 'parameter_count': None},
        'mmcv': {'__version__': '1.7.2', 'load': load, 'dump': dump, 'digit_version': lambda text: tuple(map(int, text.split('.')))},
        'mmcv.utils': {'Registry': Registry, 'build_from_cfg': build_from_cfg, 'digit_version': None, 'print_log': None, 'collect_env': None,
                       'get_git_hash': None, 'get_logger': lambda name, *options: logging.getLogger(name)},
        'mmcv.parallel': {'collate': None, 'DataContainer': None}, 'mmcv.runner': {'get_dist_info': lambda: (0, 1), 'DistEvalHook': object},
        'mmcv.fileio': {'FileClient': None},
    }
    for name, members in given.items():
        sys.modules[name] = ModuleType(name)
        sys.modules[name].__dict__.update(members)
    sys.path.insert(0, os.environ['POSETTA_AUTHORS'])


def body(random, frames, place, axes):
    """Somebody upright, taller than wide, who sways: [frames, joints, axes]."""
    joints = random.uniform(-1, 1, (25 if axes == 3 else 17, axes)) * ([0.25, 0.8, 0.2] if axes == 3 else [90, 300])
    steps = np.cumsum(random.normal(0, 0.02 if axes == 3 else 6, (frames, 1, axes)), 0)
    return joints + np.asarray(place) + steps + random.normal(0, 0.005 if axes == 3 else 1, (frames, *joints.shape))


def skeleton_text(frames, bodies):
    """A `.skeleton` file of bodies that are there from a frame on."""
    lines = [frames]
    for frame in range(frames):
        there = [(number, points[frame - start]) for number, (start, points) in enumerate(bodies) if start <= frame < start + len(points)]
        lines.append(len(there))
        for number, points in there:
            lines += [f'{72057594037930000 + number} 0 1 1 1 1 0 0.01 0.02 2', 25]
            lines += [' '.join(f'{value:.7g}' for value in point) + ' 250 200 960 540 0 0 0 1 2' for point in points]
    return '\n'.join(map(str, lines)) + '\n'


def write_3d(folder):
    random = np.random.default_rng(0)
    one, other, far = [0.1, 0.2, 2.9], [-0.6, 0.2, 3.1], [0.3, -0.1, 3.6]
    home = folder / 'nturgb+d_skeletons'
    home.mkdir()
    texts = {
        'S002C003P002R001A027': skeleton_text(5, [(0, body(random, 5, far, 3))]),
        'S001C001P003R002A050': skeleton_text(13, [(0, body(random, 13, one, 3)), (1, body(random, 12, other, 3))]),
        'S001C001P001R001A001': skeleton_text(4, [(0, body(random, 4, one, 3))]),
        'S001C002P001R001A001': skeleton_text(4, [(0, body(random, 4, other, 3))]),
    }
    for name, text in texts.items():
        (home / f'{name}.skeleton').write_text(text)
    tools = Path(os.environ['POSETTA_AUTHORS'], 'tools', 'data')
    (folder / 'ntu120_missing.txt').symlink_to((tools / 'ntu120_missing.txt').resolve())
    before = os.getcwd()
    os.chdir(folder)
    with redirect_stdout(StringIO()):
        runpy.run_path(str(tools / 'ntu_preproc.py'), run_name='__main__')
    os.chdir(before)
    return folder / 'ntu60_3danno.pkl'


def write_2d(folder):
    random = np.random.default_rng(1)
    image = (1080, 1920)

    def entry(name, label, keypoint):
        score = random.uniform(0.2, 1, keypoint.shape[:3])
        score[0, 0, 3] = 1.0625  # HRNet's scores are heights of a heat map
        score[(keypoint == 0).all(-1)] = 0
        return {'frame_dir': name, 'total_frames': keypoint.shape[1], 'img_shape': image, 'original_shape': image, 'label': label,
                'keypoint': keypoint.astype(np.float16), 'keypoint_score': score.astype(np.float16)}

    pair = np.stack([body(random, 7, [700, 520], 2), body(random, 7, [1200, 540], 2)])
    pair[1, :3] = 0
    annotations = [entry('S003C002P008R001A050', 49, pair), entry('S001C001P001R001A001', 0, body(random, 5, [960, 560], 2)[None]),
                   entry('S001C003P003R002A012', 11, body(random, 4, [400, 500], 2)[None])]
    split = {'xsub_train': ['S001C001P001R001A001', 'S003C002P008R001A050'], 'xsub_val': ['S001C003P003R002A012'],
             'xview_train': ['S001C003P003R002A012', 'S003C002P008R001A050'], 'xview_val': ['S001C001P001R001A001']}
    dump({'split': split, 'annotations': annotations}, folder / 'ntu60_hrnet.pkl')
    return folder / 'ntu60_hrnet.pkl'


def listed(values):
    """Numbers as short as their type allows."""
    return [float(str(value)) for value in np.asarray(values).ravel()]


def clip_of(found):
    scores = found.get('keypoint_score')
    return {'name': found['frame_dir'], 'label': found['label'], 'total_frames': found['total_frames'], 'img_shape': found.get('img_shape'),
            'shape': found['keypoint'].shape, 'keypoint': listed(found['keypoint']), 'keypoint_score': None if scores is None else listed(scores)}


def main(which):
    stand_in()
    from pyskl.datasets import PoseDataset

    with tempfile.TemporaryDirectory() as folder:
        path = {'ntu60-3d': write_3d, 'ntu60-2d': write_2d}[which](Path(folder))
        bytes_of_file = path.read_bytes()

        def read(split):
            return PoseDataset(str(path), [{'type': 'PoseDecode'}], split=split, test_mode=True)

        splits = {split: [clip_of(data[at]) for data in [read(split)] for at in range(len(data))] for split in load(path)['split']}
        order = [one['frame_dir'] for one in load(path)['annotations']]
    clips = {clip['name']: clip for found in splits.values() for clip in found}
    assert all(clips[clip['name']] == clip for found in splits.values() for clip in found)
    record = {
        'made_by': f'bench/peers/authors_pyskl.py {which}',
        'loader': {'repository': 'kennymckormick/pyskl', 'commit': COMMIT, 'functions': [
            'pyskl/datasets/pose_dataset.py: PoseDataset', 'pyskl/datasets/pipelines/pose_related.py: PoseDecode',
            *(['tools/data/ntu_preproc.py: the script itself'] if which == 'ntu60-3d' else [])]},
        'versions': {'numpy': np.__version__}, 'file': path.name, 'pickle': base64.b64encode(bytes_of_file).decode(),
        'splits': {split: [clip['name'] for clip in found] for split, found in splits.items()}, 'clips': [clips[name] for name in order]}
    json.dump(record, sys.stdout, separators=(',', ':'))
    print()


if __name__ == '__main__':
    main(sys.argv[1])
