"""The joints that each step in space makes of a clip, by numpy, written from the rules of the methods' papers and code (docs/augmentations.md names them).

    python space_by_numpy.py < cases.json    ->    one line of JSON: the joints of each case, row by row

Input is {"joints": names, "edges": limbs, "pairs": twins, "cases": [{"step": {"name": ..., options}, "shape": [T, M, J, dims + 1], "keypoints": null = NaN,
"size": [width, height], "draws": what the step drew, in order}]}. All draws have to be used up.
"""
import json
import sys

import numpy as np

body = json.load(sys.stdin)
names = body['joints']
shoulders, hips = ([names.index(f'{side}_{joint}') for side in ('left', 'right')] for joint in ('shoulder', 'hip'))


class Clip:
    def __init__(self, case):
        self.shape = case['shape']
        self.dims = self.shape[3] - 1
        self.size = np.array(case['size'], float)
        self.k = np.array([np.nan if v is None else v for v in case['keypoints']]).reshape(self.shape)
        self.draws = list(case['draws'])

    def draw(self, count=None):
        drawn, self.draws = self.draws[:count or 1], self.draws[count or 1:]
        return np.array(drawn) if count else drawn[0]

    def between(self, low, high, count=None):
        drawn = self.draw(count)
        assert np.all((low <= drawn) & (drawn <= high)), (drawn, low, high)
        return drawn

    def subset(self, population, count):
        numbers = list(range(population))
        for i in range(count):
            j = i + int(self.draw())
            numbers[i], numbers[j] = numbers[j], numbers[i]
        return sorted(numbers[:count])

    def without(self, frames, persons, joints):
        self.k[np.ix_(frames, persons, joints, range(self.dims))] = np.nan
        self.k[np.ix_(frames, persons, joints, [self.dims])] = 0

    def turned(self, matrix, about=None):
        """Every joint p becomes matrix p: about a point of the plane, or the origin."""
        axes = len(matrix)
        about = np.zeros(axes) if about is None else about
        self.k[..., :axes] = (self.k[..., :axes] - about) @ np.asarray(matrix).T + about

    def track(self, joints, person=0):
        """[T, dims] the mean of joints; in frames without one of them that of the nearest frame, the earlier of two."""
        places = self.k[:, person, joints, :self.dims].mean(1)
        known = np.flatnonzero(~np.isnan(places[:, 0]))
        return places[[known[np.argmin(np.abs(known - frame))] for frame in range(len(places))]] if len(known) else None

    def spines(self, person=0):
        ends = self.track(shoulders, person), self.track(hips, person)
        return None if any(end is None for end in ends) else np.linalg.norm(ends[0] - ends[1], axis=1)


def flat_turn(radians):
    return np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])


def crop(clip, padding=0.25):
    located = clip.k[..., :2][~np.isnan(clip.k[..., 0])]
    low, high = located.min(0), located.max(0)
    clip.k[..., :2] -= (low + high) / 2 - max((high - low).max(), 10) * (1 + padding) / 2


def resized_crop(clip, low=0.56, high=1, ratio=4 / 3):
    width, height = clip.size
    for _ in range(10):
        area, shape = clip.between(low, high) * width * height, np.exp(clip.between(-np.log(ratio), np.log(ratio)))
        part = np.sqrt([area * shape, area / shape])
        if np.all(part <= clip.size):
            clip.k[..., :2] -= clip.draw(2) * (clip.size - part)
            return
    clip.k[..., :2] -= (clip.size - min(clip.size)) / 2


def centre(clip, at='first', joints=hips):
    track = clip.track(joints)
    if track is not None:
        target = clip.size / 2 if clip.dims == 2 else np.zeros(3)
        clip.k[..., :clip.dims] += (target - (track[:1] if at == 'first' else track))[:, None, None]


def casa_normalise(clip, spine=100, spines=6, turn=False):
    neck, lengths = clip.track(shoulders), clip.spines()
    turns = np.tile(np.eye(clip.dims), (len(clip.k), 1, 1))
    if turn and clip.dims == 3:
        neck, hip, other = (clip.track([names.index(joint)]) for joint in ('left_shoulder', 'left_hip', 'right_shoulder'))
        lengths = np.linalg.norm(hip - neck, axis=1)
        for frame in range(len(clip.k)):
            along_x = about_normal(neck[frame] - other[frame], np.array([1., 0, 0]))
            turns[frame] = about_normal(along_x @ (hip - neck)[frame], np.array([0, 0, 1.])) @ along_x
    moved = (clip.k[..., :clip.dims] - neck[:, None, None]) / lengths[:, None, None, None] * spine
    clip.k[..., :clip.dims] = np.einsum('tij,tmkj->tmki', turns, moved) + np.array([spine * spines / 2] * 2 + [0])[:clip.dims]


def about_normal(a, b):
    """The matrix of the rotation by the angle between two directions about their normal."""
    angle = np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    axis = np.cross(a, b) / np.linalg.norm(np.cross(a, b))
    turns = [np.cos(angle) * e + np.sin(angle) * np.cross(axis, e) + (1 - np.cos(angle)) * (axis @ e) * axis for e in np.eye(3)]
    return np.stack(turns, axis=1)


def flip(clip):
    order = list(range(len(names)))
    for a, b in body['pairs']:
        order[a], order[b] = b, a
    clip.k = clip.k[:, :, order]
    clip.k[..., 0] = clip.size[0] - clip.k[..., 0]


def random_rot(clip, radians=0.3):
    angles = clip.between(-radians, radians, 1 if clip.dims == 2 else 3)
    if clip.dims == 2:
        return clip.turned(flat_turn(angles[0]), clip.size / 2)
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles), np.sin(angles)
    clip.turned(np.array([[cz, sz, 0], [-sz, cz, 0], [0, 0, 1]]) @ [[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]] @ [[1, 0, 0], [0, cx, sx], [0, -sx, cx]])


def linear(clip, matrix):
    clip.turned(matrix, clip.size / 2 if clip.dims == 2 else None)


def shear(clip, amount=0.5):
    matrix = np.eye(clip.dims)
    matrix[~np.eye(clip.dims, dtype=bool)] = clip.between(-amount, amount, clip.dims * (clip.dims - 1))
    linear(clip, matrix)


def random_move(clip, degrees=10, factor=0.1, share=0.2):
    frames = len(clip.k)
    bounds = [degrees * np.array([-1, -.5, 0, .5, 1]), np.array([1 - factor, 1, 1 + factor])] + [share * np.array([-1, -.5, 0, .5, 1])] * 2
    angle, size, dx, dy = (np.linspace(*choices[clip.draw(2)], frames) for choices in bounds)
    for frame in range(frames):
        about = clip.size / 2
        clip.k[frame, ..., :2] = (clip.k[frame, ..., :2] - about) @ (size[frame] * flat_turn(np.radians(angle[frame]))).T + about + clip.size * [dx[frame], dy[frame]]


def parents():
    """By the fewest limbs from the left hip, earlier limbs first."""
    root = hips[0]
    found, queue = {root: root}, [root]
    for joint in queue:
        for a, b in body['edges']:
            for near, far in ((a, b), (b, a)):
                if near == joint and far not in found:
                    found[far] = near
                    queue.append(far)
    return found


def noise_angle(clip, variance=10, window=10):
    frames, persons, joints, _ = clip.shape
    old, tree = clip.k.copy(), parents()

    def noise():
        common, normals = clip.draw() * np.sqrt(variance / 2), clip.draw(2 * frames - 1) * np.sqrt(variance / (2 * frames))
        return np.convolve(common + np.convolve(normals, np.ones(frames), 'valid'), np.ones(window), 'full')[(window - 1) // 2:][:frames] / window
    bends = np.array([noise() for _ in range(persons * joints)]).reshape(persons, joints, frames)
    for frame, person in np.ndindex(frames, persons):
        for joint, parent in tree.items():
            turn, up = 0, joint
            while tree[up] != up:
                turn, up = turn + bends[person, up, frame], tree[up]
            while np.isnan(old[frame, person, parent, 0]) and tree[parent] != parent:
                parent = tree[parent]
            if joint != tree[joint] and not np.isnan(old[frame, person, [joint, parent], 0]).any():
                limb = old[frame, person, joint, :2] - old[frame, person, parent, :2]
                clip.k[frame, person, joint, :2] = clip.k[frame, person, parent, :2] + flat_turn(np.radians(turn)) @ limb


def noise_translation(clip, deviation=0.1):
    normals = clip.draw(int(np.prod(clip.shape[:3])) * clip.dims).reshape(*clip.shape[:3], clip.dims)
    spines = [clip.spines(person) for person in range(clip.shape[1])]
    for person, lengths in enumerate(spines):
        clip.k[:, person, :, :clip.dims] += 0 if lengths is None else deviation * lengths[:, None, None] * normals[:, person]


def jitter(clip, share=0.02):
    clip.k[..., :clip.dims] += share * clip.size.max() * clip.draw(int(np.prod(clip.shape[:3])) * clip.dims).reshape(*clip.shape[:3], clip.dims)


def blur(clip, low=0.1, high=2, radius=7):
    weights = np.exp(-np.arange(-radius, radius + 1.) ** 2 / (2 * clip.between(low, high) ** 2))
    for place in np.ndindex(*clip.shape[1:3], clip.dims):
        path = clip.k[(slice(None), *place)]
        there = ~np.isnan(path)
        sums = [np.convolve(values, weights, 'full')[radius:][:len(path)] for values in (np.where(there, path, 0), there.astype(float))]
        path[there] = (sums[0] / np.where(there, sums[1], 1))[there]


def axis_mask(clip):
    values = clip.k[..., int(clip.draw())]
    values[~np.isnan(values)] = np.nanmean(values)


def joint_mask(clip, share=0.6, frames=1):
    joints = clip.subset(len(names), int(np.floor(share * len(names) + 0.5)))
    clip.without(clip.subset(len(clip.k), int(np.floor(frames * len(clip.k) + 0.5))), range(clip.shape[1]), joints)


def drop_joints(clip):
    for person, joint in np.ndindex(*clip.shape[1:3]):
        if clip.draw():
            ends = [0, len(clip.k) - 1] if clip.draw() else sorted(int(end) for end in clip.draw(2))
            clip.without(range(ends[0], ends[1] + 1), [person], [joint])


def person_swap(clip):
    """Of two persons: draws of the order that they are in do not count."""
    while clip.shape[1] == 2 and clip.draw():
        pass
    clip.k = clip.k[:, ::-1]


def person_drop(clip):
    if clip.shape[1] == 2:
        clip.without(range(len(clip.k)), [int(clip.draw())], range(len(names)))


def fill_absent(clip, confidence=0.5):
    """Clips of whole frames: time is the frame's number."""
    frames = np.arange(len(clip.k))
    for person, joint in np.ndindex(*clip.shape[1:3]):
        there = ~np.isnan(clip.k[:, person, joint, 0])
        if there.any():
            for axis in range(clip.dims):
                clip.k[:, person, joint, axis] = np.interp(frames, frames[there], clip.k[there, person, joint, axis])
            clip.k[~there, person, joint, -1] = confidence


def translate(clip, share=0.1):
    clip.k[..., :2] += clip.between(-share, share, 2) * clip.size


steps = {
    'resized-crop': resized_crop, 'random-rot': random_rot, 'shear': shear, 'random-move': random_move, 'noise-angle': noise_angle, 'noise-translation': noise_translation,
    'jitter': jitter, 'blur': blur, 'axis-mask': axis_mask, 'joint-mask': joint_mask, 'drop-joints': drop_joints, 'person-swap': person_swap, 'person-drop': person_drop,
    'flip': flip, 'translate': translate,
    'subtract': lambda clip: centre(clip, 'each', [int(clip.draw())]),
    'rotate': lambda clip, degrees=15: clip.turned(flat_turn(np.radians(clip.between(-degrees, degrees))), clip.size / 2),
    'scale': lambda clip, low=0.8, high=1.2: clip.turned(clip.between(low, high) * np.eye(2), clip.size / 2),
    'random-scale': lambda clip, amount=0.2: linear(clip, np.diag(1 + clip.between(-amount, amount, clip.dims))),
}
always = {'crop': crop, 'centre': centre, 'casa-normalise': casa_normalise, 'fill-absent': fill_absent}


def joints_of(case):
    clip, step = Clip(case), dict(case['step'])
    name = step.pop('name')
    step.pop('probability', None)
    if name in always:
        always[name](clip, **step)
    elif clip.draw():
        steps[name](clip, **step)
    assert clip.draws == [], (case['step'], clip.draws)
    return [None if np.isnan(value) else value for value in clip.k.reshape(-1).tolist()]


print(json.dumps([joints_of(case) for case in body['cases']]))
