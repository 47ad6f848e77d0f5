"""What H2O's authors read from our twin of it: runs their viewer, h2oplayer.py, up to the window it would open, and prints what it loaded.

    POSETTA_AUTHORS=<checkout of taeinkwon/h2oplayer> python bench/peers/authors_h2o.py TWIN SEQUENCE FRAME... > test/ingest/authors/h2o-....json

TWIN is a folder of `posetta synth h2o TWIN --clips 3`, SEQUENCE such as subject1/h1/0. Needs numpy, scipy, torch and OpenCV. Nothing of theirs is changed: they
see the twin through links beside which empty pictures lie (they count these), and stand-ins for what only draws. Open3D's stand-in keeps the matrices it is
handed, OpenCV's projectPoints is the real one and keeps its arguments, MANO's layer (a model under a licence of its own) keeps them too and answers a hand of
one point at its origin.
"""
import json
import os
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import torch

COMMIT = '6f30a287f04e50bb96c6ba5e986ff72c75dd05e5'
KINDS = ['hand_pose', 'hand_pose_mano', 'obj_pose', 'obj_pose_rt', 'cam_pose', 'action_label', 'verb_label']


class WindowOpens(Exception):
    pass


class Shape:
    """A mesh or a cloud of Open3D that does nothing but remember."""

    def __init__(self, name=None):
        self.name, self.transforms, self.vertices, self.triangles = name, [], [], []

    def transform(self, matrix):
        self.transforms.append(np.array(matrix))

    def __add__(self, other):
        clouds.append(other)
        return self


clouds, projections, hands = [], [], []


def open3d():
    def window():
        raise WindowOpens

    module = ModuleType('open3d')
    module.geometry = ModuleType('open3d.geometry')
    module.geometry.PointCloud = module.geometry.TriangleMesh = module.geometry.Image = Shape
    module.utility = ModuleType('open3d.utility')
    module.utility.Vector3dVector = module.utility.Vector3iVector = np.asarray
    module.io = ModuleType('open3d.io')
    module.io.read_triangle_mesh = lambda path: Shape(Path(path).stem)
    module.visualization = ModuleType('open3d.visualization')
    module.visualization.VisualizerWithKeyCallback = window
    return module


def mano_layer(side, **options):
    assert options['flat_hand_mean'] and not options['use_pca']

    def layer(pose, shape):
        hands.append((side, pose[0].numpy().copy(), shape[0].numpy().copy()))
        return torch.zeros(1, 1, 3), torch.zeros(1, 21, 3)

    layer.th_faces = []
    return layer


def opencv():
    """Its own projectPoints and constants; pictures are black, and nothing is drawn."""
    module = ModuleType('cv2')
    module.__dict__.update({name: getattr(cv2, name) for name in dir(cv2) if name.isupper() or name == 'cvtColor'})
    module.imread = lambda path, mode=None: np.zeros((2, 2) if 'depth' in path else (2, 2, 3), np.uint16 if 'depth' in path else np.uint8)
    module.line = lambda image, start, end, color, width: lines.append([int(start[0]), int(end[0])])
    module.putText = lambda image, text, *arguments: texts.append(text)

    def project_points(points, rotation, translation, matrix, distortion):
        pixels, derivatives = cv2.projectPoints(points, rotation, translation, matrix, distortion)
        projections.append((points, matrix, pixels))
        if probing:
            pixels[:, 0, 0] = range(len(points))
        return pixels, derivatives

    module.projectPoints = project_points
    return module


texts, lines, probing = [], [], []


def stand_in():
    manopth, layer, tqdm = ModuleType('manopth'), ModuleType('manopth.manolayer'), ModuleType('tqdm')
    layer.ManoLayer = mano_layer
    tqdm.tqdm, tqdm.trange = iter, range
    sys.modules.update({'open3d': open3d(), 'cv2': opencv(), 'manopth': manopth, 'manopth.manolayer': layer, 'tqdm': tqdm})
    np.float = float  # as it was until numpy 1.24


def view(source, frame):
    """Runs their whole script on one frame; answers its variables where it opens the window."""
    code = Path(os.environ['POSETTA_AUTHORS'], 'h2oplayer.py')
    sys.argv = [str(code), '--source', str(source), '--obj_source', 'objects', '--start', str(frame), '--end', str(frame + 1)]
    sys.argv += ['--rgb', '--bbox', '--hand_proj', '--object', '--hands', '--action_info', '--ply_create']
    variables = {'__name__': '__main__'}
    for kept in (clouds, projections, hands, texts, lines):
        kept.clear()
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            exec(compile(code.read_text(), str(code), 'exec'), variables)
    except WindowOpens:
        return variables
    raise SystemExit('the viewer did not come to its window')


def link(twin, folder):
    """The sequence as they expect it: pictures are named, not there."""
    for camera in range(5):
        home = folder / f'cam{camera}'
        (home / 'rgb').mkdir(parents=True)
        for path in (twin / f'cam{camera}').iterdir():
            (home / path.name).symlink_to(path.resolve())
        for path in (twin / f'cam{camera}' / 'hand_pose').iterdir():
            (home / 'rgb' / f'{path.stem}.png').touch()
    return folder


def listed(values):
    """Numbers as short as their type allows."""
    return [float(str(value)) for value in np.asarray(values).ravel()]


def frame_of(source, frame):
    found = view(source, frame)
    # per hand the layer is asked for where the hand begins, and, where it is annotated, for its surface: the last of either has the pose they use
    mano = {}
    for side, mesh in (('left', found['left_hand'][0]), ('right', found['right_hand'][0])):
        _, pose, shape = [hand for hand in hands if hand[0] == side][-1]
        mano[side] = {'annotated': len(mesh.vertices) > 0, 'world_rotation_vector': listed(pose[:3]), 'pose': listed(pose[3:]), 'shape': listed(shape),
                      'world_translation': listed(mesh.vertices[0]) if len(mesh.vertices) > 0 else None}
    info = found['object_info'][0]
    cameras = []
    for camera in range(5):
        (box, _, _), (points, matrix, pixels) = projections[2 * camera:2 * camera + 2]
        assert len(box) == 21 and len(points) == 42
        cameras.append({
            'camera_pose': listed(clouds[camera].transforms[0]), 'intrinsics': listed(np.float32([matrix[0, 0], matrix[1, 1], matrix[0, 2], matrix[1, 2]])),
            'object_points': listed(box), 'hands': listed(points), 'hands_px': listed(np.round(np.float64(pixels), 4))})
    return {
        'frame': frame, 'action': texts[0], 'action_label': float(found['action_lists'][frame]), 'object_class': float(info['idx']),
        'object_mesh': found['objects'][0].name, 'object_pose': listed(info['pose']), 'object_pose_world': listed(found['objects'][0].transforms[0]),
        'mano': mano, 'cameras': cameras}


def edges_of(source, frame):
    """Which points they join with lines, by number: of the object's box, of the two hands. Each point is put at its own number for that."""
    probing.append(True)
    view(source, frame)
    probing.clear()
    drawn = lines[:len(lines) // 5]
    assert lines == drawn * 5
    return {'box': drawn[:12], 'hands': drawn[12:]}


def main(twin, sequence, frames):
    stand_in()
    sys.path.insert(0, os.environ['POSETTA_AUTHORS'])
    with tempfile.TemporaryDirectory() as folder:
        source = link(Path(twin) / sequence, Path(folder) / 'linked')
        record = {
            'made_by': f'bench/peers/authors_h2o.py TWIN {sequence} {" ".join(map(str, frames))}',
            'loader': {'repository': 'taeinkwon/h2oplayer', 'commit': COMMIT,
                       'functions': ['h2oplayer.py: the script itself, load_rgbs, load_meshes, load_plys', 'utils.py: read_text']},
            'versions': {'numpy': np.__version__, 'opencv': cv2.__version__},
            'twin': json.loads((Path(twin) / 'posetta-twin.json').read_text()), 'sequence': sequence,
            'edges': edges_of(source, frames[0]), 'frames': [frame_of(source, frame) for frame in frames]}
    json.dump(record, sys.stdout, separators=(',', ':'))
    print()


main(sys.argv[1], sys.argv[2], [int(frame) for frame in sys.argv[3:]])
