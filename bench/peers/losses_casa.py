"""Recorded values of test/train/losses/match-and-regress.test.ts: CASA's loss by PyTorch, float64, written from the formula clip by clip, with loops over frames."""
import torch
from recorded import fixed, record, wave

TEMPERATURE, LAMBDA = 0.125, 1 / 1024  # float32 holds them exactly, as the constants of our graphs


def partners(s, t):
    """Pairs of frames that are each other's only nearest in time, and at most one frame apart."""
    apart = (s[:, None] - t[None]).abs()
    mutual = (apart == apart.min(1, keepdim=True).values) & (apart == apart.min(0, keepdim=True).values) & (apart <= 1)
    return [(i, int(row.nonzero()[0])) for i, row in enumerate(mutual) if row.sum() == 1]


def similarities(x, y, cosine):
    x, y = x / x.shape[1] ** 0.5, y / y.shape[1] ** 0.5
    if cosine:
        return (x / x.norm(dim=1, keepdim=True)) @ (y / y.norm(dim=1, keepdim=True)).T / TEMPERATURE
    return -torch.cdist(x, y) / TEMPERATURE / x.shape[1]


def direction(x, s, y, t, padded, cosine, variance):
    """Mean cost of the frames of x, at s, that have a partner in y, at t; `padded`: what comes after the frames of y takes part, and its times go on."""
    candidates = y if padded else y[: len(t)]
    times = torch.cat([t, t[-1] + 1 + torch.arange(len(candidates) - len(t))])
    match, costs = torch.softmax(similarities(x[: len(s)], candidates, cosine), 1), []
    for i, j in partners(s, t):
        mean = (match[i] * times).sum()
        spread = (match[i] * (times - mean) ** 2).sum()
        costs.append((mean - t[j]) ** 2 / spread + LAMBDA * spread.log() if variance else (mean - t[j]) ** 2)
    return torch.stack(costs).mean()


def casa(padded=False, cosine=False, variance=False):
    def run(embeddings, mask, time, length):
        clips, losses = len(mask) // 2, []
        for b in range(clips):
            (x, s), (y, t) = [(embeddings[r], time[r][mask[r] > 0]) for r in (b, b + clips)]
            loss = direction(y, t, x, s, padded, cosine, variance)
            losses.append(loss + direction(x, s, y, t, padded, cosine, variance) if variance else loss)
        return torch.stack(losses).mean()
    return run


mask = fixed([[1] * 6 + [0], [1] * 4 + [0] * 3, [1] * 5 + [0] * 2, [1] * 7])
time, length = fixed([[0, 1, 2, 3, 4, 5, 0], [2, 3, 4, 5, 0, 0, 0], [0, 1, 3, 5, 6, 0, 0], [0, 1, 2, 3, 4, 6, 9]]), fixed([9, 12, 9, 12])
case = lambda: [wave((4, 7, 3), 0.7, 0.2), mask, time, length]
record("losses_casa", [
    ("by distance, padding matched", casa(padded=True), case()),
    ("by cosine, padding matched", casa(padded=True, cosine=True), case()),
    ("with the variance, both directions", casa(variance=True), case()),
    ("with the variance by cosine, both directions, padding matched", casa(variance=True, cosine=True, padded=True), case()),
])
