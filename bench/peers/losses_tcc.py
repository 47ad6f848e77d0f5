"""Recorded values of TCC, TCN and shuffle and learn (test/train/losses/), by PyTorch in float64: sequence by sequence without padding, where ours compute them side by side.

Temperature, weights and smoothing are eighths and 1 / 1024, which float32 holds exactly, as the constants of our graphs are. Run: python bench/peers/losses_tcc.py
"""
import torch, torch.nn.functional as F
from recorded import fixed, record, wave

u, v = wave((2, 5, 4), 0.61, 0.3), wave((2, 6, 4), 0.83, 1.0)
frames, others = fixed([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]), fixed([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]])
times = fixed([[0, 0.25, 0.3125, 0.625, 0.9375], [0.125, 0.25, 0.5, 7, 7]])


def squared(a, b):
    return -(a[:, None] - b[None]).square().sum(-1)


def cycle(cost, alike=squared):
    def one(u, v, t):
        there = torch.softmax(alike(u, v) / u.shape[1] / 0.125, 1)
        return cost(alike(there @ v, u) / u.shape[1] / 0.125, t)
    return lambda u, v, t, m, o: torch.stack([one(a[: int(n.sum())], b[: int(k.sum())], s[: int(n.sum())]) for a, b, s, n, k in zip(u, v, t, m, o)])


def predicted(back, t):
    return torch.softmax(back, 1) @ t


def mse_var(back, t, wanted=lambda t: t):
    mean = predicted(back, t)
    variance = (torch.softmax(back, 1) * (t[None] - mean[:, None]).square()).sum(1)
    return ((wanted(t) - mean).square() / variance + variance.log() / 1024).mean()


def smoothed(t, s=0.125):
    """The labels of CARL's port."""
    n = len(t)
    return ((1 - n * s / (n - 1)) * torch.eye(n) + s / (n - 1)) @ t


def n_pairs(a, p, m):
    def one(a, p):
        return F.cross_entropy(a @ p.T, torch.arange(len(a))) + 0.25 * 0.002 * (a.square().sum(1).mean() + p.square().sum(1).mean())
    return torch.stack([one(x[: int(n.sum())], y[: int(n.sum())]) for x, y, n in zip(a, p, m)])


def order(x, shuffled, weights, w1, b1, w2, b2, w3, b3):
    hidden = F.relu(F.linear(F.relu(F.linear(x.flatten(1), w1.T, b1)), w2.T, b2))
    losses = F.cross_entropy(F.linear(hidden, w3.T, b3), shuffled.long(), reduction="none")
    return (losses * weights).sum() / weights.sum()


inputs = [u, v, times, frames, others]
record("losses_tcc", [
    ("regression-mse-var", cycle(mse_var), inputs), ("regression-mse", cycle(lambda back, t: F.mse_loss(predicted(back, t), t)), inputs),
    ("regression-huber", cycle(lambda back, t: F.huber_loss(predicted(back, t), t, delta=0.125)), inputs),
    ("classification", cycle(lambda back, t: F.cross_entropy(back, torch.arange(len(t)), label_smoothing=0.125)), inputs),
    ("regression-mse-var to smoothed times", cycle(lambda back, t: mse_var(back, t, smoothed)), inputs),
    ("regression-mse by dot products", cycle(lambda back, t: F.mse_loss(predicted(back, t), t), lambda a, b: a @ b.T), inputs),
    ("n-pairs", n_pairs, [wave((2, 5, 3), 0.61, 0.3), wave((2, 5, 3), 0.83, 1.0), frames]),
    ("order of triples", order, [
        wave((4, 3, 3), 0.61, 0.3), fixed([1, 0, 1, 0]), fixed([1, 1, 0, 1]), wave((9, 4), 0.37), wave((4,), 0.5, 1.0), wave((4, 3), 0.71, 0.2), wave((3,), 0.9), wave((3, 2), 1.1), wave((2,), 0.3, 2.0)]),
])
