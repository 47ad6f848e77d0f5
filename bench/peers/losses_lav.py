"""Recorded values of test/train/losses/lav.test.ts: LAV by PyTorch, float64, written from the formulas clip by clip, without padding."""
import torch
from op_gradients_soft_dtw import minimum, table
from recorded import fixed, record, wave


def warping(x, y, gamma):
    return table(((x[:, None] - y[None]) ** 2).sum(-1), minimum(gamma))[-1, -1]


def idm(x, time, length, margin, window, unit):
    total = 0.0
    for i in range(len(x)):
        for j in range(len(x)):
            apart, distance = (time[i] - time[j]).abs(), ((x[i] - x[j]) ** 2).sum()
            weight = 1 + (apart / (length if unit == "length" else 1)) ** 2
            total = total + (weight * torch.relu(margin - distance) if apart > window else distance)
    return total


def lav(embeddings, mask, time, length, gamma=0.1, alpha=0.5, margin=2.0, window=2.5, unit="length", normalised=False, divisor=20):
    clips, total = len(mask) // 2, 0.0
    for b in range(clips):
        views = [torch.nn.functional.normalize(embeddings[r][mask[r] > 0]) for r in (b, b + clips)]
        loss = warping(*views, gamma)
        if normalised:
            loss = loss - (warping(views[0], views[0], gamma) + warping(views[1], views[1], gamma)) / 2
        for x, r in zip(views, (b, b + clips)):
            loss = loss + alpha * idm(x, time[r][mask[r] > 0], length[r], margin, window, unit)
        total = total + loss / (divisor or len(views[0])) / clips
    return total


if __name__ == "__main__":
    mask = fixed([[1, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]])
    time = fixed([[0, 2, 3, 6, 9, 0], [4, 5, 19, 0, 0, 0], [1, 2, 5, 9, 0, 0], [1, 4, 6, 7, 9, 11]])
    length = fixed([12, 20, 12, 30])
    record("losses_lav", [
        ("two clips of different lengths", lav, [wave((4, 6, 3), 0.7, 0.2), mask, time, length]),
        ("less the warping of each to itself, weights in frames, by the frames there are",
         lambda *x: lav(*x, unit="frames", normalised=True, divisor=0), [wave((4, 6, 3), 1.3, 0.4, 2), mask, time, length]),
        ("softer, another margin", lambda *x: lav(*x, gamma=1.0, alpha=1.5, margin=1.0, window=4.5), [wave((4, 6, 3), 0.9, 1.4), mask, time, length]),
    ])
