"""The moments of a clip that each sampler takes, by numpy, written from the rules of the methods' papers and code (docs/augmentations.md names them).

    python samplers_by_numpy.py < cases.json    ->    one line of JSON: the moments of each case

A case is {"step": {"name": ..., options}, "length": frames of the clip, "draws": what the step drew, in order}. All draws have to be used up.
"""
import json
import sys

import numpy as np


class Draws:
    def __init__(self, draws):
        self.left = list(draws)

    def integer(self, bound):
        drawn = self.left.pop(0)
        assert drawn == int(drawn) and 0 <= drawn < bound, (drawn, bound)
        return int(drawn)

    def between(self, low, high):
        drawn = self.left.pop(0)
        assert low <= drawn <= high, (drawn, low, high)
        return drawn

    def subset(self, population, count):
        """The first places of a shuffle, in order."""
        numbers = list(range(population))
        for i in range(count):
            j = i + self.integer(population - i)
            numbers[i], numbers[j] = numbers[j], numbers[i]
        return np.array(sorted(numbers[:count]), int)


def with_context(frames, length, context=2, stride=15):
    """TCC: every frame after those `stride` apart before it, all of them held within the clip."""
    past = np.arange(context - 1, -1, -1) * stride
    return np.clip(np.asarray(frames)[:, None] - past, 0, length - 1).reshape(-1)


def halves_up(value):
    return int(np.floor(value + 0.5))


def resample(length, draws, frames):
    if length <= frames:
        return np.arange(length)
    return [halves_up(moment) for moment in np.linspace(0, length - 1, frames)]


def cut(length, draws, share=0.3):
    most = int(share * length)
    start = draws.integer(most + 1)
    return np.arange(start, length - draws.integer(most + 1))


def random_window(length, draws, frames, hold=False):
    start = draws.integer(max(length - frames, 0) + 1)
    return np.minimum(start + np.arange(frames if hold else min(frames, length)), length - 1)


def tempo(length, draws, factor=1.5, fewest=6, most=64):
    pace = np.exp(draws.between(-np.log(factor), np.log(factor)))
    if length == 1:
        return [0]
    return np.linspace(0, length - 1, max(min(fewest, length), min(most, halves_up(length / pace))))


def speed(length, draws, share=0.5):
    """CASA's fast: int(c len) frames are deleted, here by a shuffle from behind."""
    dropped = int(draws.between(0, share) * length)
    numbers = list(range(length))
    for last in range(length - 1, length - 1 - dropped, -1):
        j = draws.integer(last + 1)
        numbers[j], numbers[last] = numbers[last], numbers[j]
    return sorted(numbers[:length - dropped])


def slow(length, draws, share=0.5, most=64):
    """CASA's slow: min(int(c len), room) frames are followed by one more."""
    added = min(int(draws.between(0, share) * length), max(most - length, 0))
    again = draws.subset(length, added)
    return np.sort(np.concatenate([np.arange(length), np.minimum(again + 0.5, length - 1)]))


def uniform(length, draws, frames=20, offset=1):
    if frames <= length - offset:
        return offset + draws.subset(length - offset, frames)
    return np.arange(frames)


def anchors_and_positives(length, draws, frames=20, offset=1, reach=5):
    """TCN: a positive is uniform in [t - reach, t)."""
    anchors = uniform(length, draws, frames, offset)
    return with_context([frame for t in anchors for frame in (t - reach + (reach - 1 - draws.integer(reach)), t)], length)


def segment_uniform(length, draws, frames=20, overflow='repeat'):
    """LAV: what lacks to a multiple of `frames` is taken from the front; frames beyond the end are held before they get their context; VAOT masks them."""
    if frames > length:
        chosen = np.arange(frames)
        chosen = chosen[chosen < length] if overflow == 'mask' else np.minimum(chosen, length - 1)
    else:
        filled = np.concatenate([np.arange(length), np.arange(-length % frames)])
        size = len(filled) // frames
        chosen = np.sort(filled[[i * size + draws.integer(size) for i in range(frames)]])
    return with_context(chosen, length)


def time_augment(length, draws, frames=80, region=1.5):
    """CARL, without the moments that it masks."""
    block = int(np.ceil(draws.between(1, region) * length))
    moments = draws.subset(block, min(length, frames))
    return moments[moments < length] if moments[0] < length else [length - 1]


def uniform_sample(length, draws, frames=48, low=1, high=1):
    """PYSKL."""
    part = max(int(draws.between(low, high) * length), 1)
    start = draws.integer(length - part + 1)
    if part < frames:
        return start + (draws.integer(part) + np.arange(frames)) % part
    if part < 2 * frames:
        skips = np.zeros(frames + 1, int)
        skips[draws.subset(frames + 1, part - frames)] = 1
        return start + np.arange(frames) + np.cumsum(skips)[:-1]
    edges = np.arange(frames + 1) * part // frames
    return start + np.array([edge + draws.integer(int(size)) for edge, size in zip(edges, np.diff(edges))])


def crop_resize(length, draws, low=0.5, high=1, fewest=64, frames=64):
    """CTR-GCN: a random part, or the middle where there is one share only; then linear interpolation with pixel centres at .5."""
    if low == high:
        start = int((1 - low) * length / 2)
        part = length - 2 * start
    else:
        part = min(max(int(length * draws.between(low, high)), fewest), length)
        start = draws.integer(length - part + 1)
    return start + np.clip((np.arange(frames) + 0.5) * part / frames - 0.5, 0, part - 1)


samplers = {
    'resample': resample, 'cut': cut, 'random-window': random_window, 'tempo': tempo, 'speed': speed, 'slow': slow,
    'offset-uniform': lambda length, draws, **options: with_context(uniform(length, draws, **options), length),
    'stride-all': lambda length, draws, every=1: with_context(np.arange(0, length, every), length),
    'anchors-and-positives': anchors_and_positives, 'segment-uniform': segment_uniform, 'time-augment': time_augment, 'uniform-sample': uniform_sample,
    'crop-resize': crop_resize, 'temporal-flip': lambda length, draws: np.arange(length)[::-1] if draws.integer(2) else np.arange(length),
}


def moments_of(case):
    step = dict(case['step'])
    draws = Draws(case['draws'])
    moments = samplers[step.pop('name')](case['length'], draws, **step)
    assert draws.left == [], (case['step'], draws.left)
    return [float(moment) for moment in moments]


print(json.dumps([moments_of(case) for case in json.load(sys.stdin)]))
