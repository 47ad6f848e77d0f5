"""Recorded values of test/train/losses/gta.test.ts: GTA by PyTorch, float64, written from the formulas clip by clip, without padding. Times do not matter to it."""
import torch
from op_gradients_soft_dtw import mean, minimum, table
from recorded import fixed, record, wave


def gta(embeddings, mask, time, length, temperature=0.1, gamma=0.1, softened=mean, weight=0.1, cycle="logits", smoothing=0.1):
    clips, total = len(mask) // 2, 0.0
    for b in range(clips):
        x, y = (torch.nn.functional.normalize(embeddings[r][mask[r] > 0]) for r in (b, b + clips))
        there = table(-torch.log_softmax(x @ y.T / temperature, 0), softened(gamma))
        back = table(-torch.log_softmax(y @ x.T / temperature, 0), softened(gamma))
        loss = weight * (there[-1, -1] + back[-1, -1])
        if cycle != "none":
            ends = (torch.softmax(-there, 0) @ torch.softmax(-back, 0)).T
            logits = ends if cycle == "logits" else ends.log()
            loss = loss + torch.nn.functional.cross_entropy(logits, torch.arange(len(x)), label_smoothing=smoothing)
        total = total + loss / clips
    return total


mask = fixed([[1, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]])
time, length = torch.zeros_like(mask), fixed([9, 9, 9, 9])
record("losses_gta", [
    ("two clips of different lengths", gta, [wave((4, 6, 3), 0.7, 0.2), mask, time, length]),
    ("soft minima, a cycle of shares", lambda *x: gta(*x, softened=minimum, gamma=0.5, cycle="shares", smoothing=0.2), [wave((4, 6, 3), 1.3, 0.4, 2), mask, time, length]),
    ("warping alone", lambda *x: gta(*x, cycle="none", temperature=0.5, weight=1), [wave((4, 6, 3), 0.9, 1.4), mask, time, length]),
])
