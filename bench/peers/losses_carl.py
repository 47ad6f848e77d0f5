"""Recorded values of test/train/losses/carl.test.ts: CARL's sequence contrastive loss by PyTorch, float64, written from the formula clip by clip, without padding."""
import torch
from recorded import fixed, record, wave


def carl(embeddings, mask, time, length, temperature=0.1, variance=10.0):
    """Rows b and b + B are the views of clip b; the target is computed in float32, whose underflow leaves frames without one."""
    clips, total, frames = len(mask) // 2, 0.0, mask.sum()
    for b in range(clips):
        views = [(torch.nn.functional.normalize(embeddings[r][mask[r] > 0]), time[r][mask[r] > 0]) for r in (b, b + clips)]
        for (x, s), (y, t) in (views, views[::-1]):
            weights = torch.exp(-(s[:, None] - t[None]).float() ** 2 / (2 * variance)).double()
            target = torch.exp(-(s[:, None] - t[None]) ** 2 / (2 * variance))
            target = torch.where(weights.sum(1, keepdim=True) > 0, target / target.sum(1, keepdim=True), 0.0)
            match = torch.exp(x @ y.T / temperature)
            match = match / match.sum(1, keepdim=True)
            total = total + (torch.special.xlogy(target, target) - target * torch.log(match + 1e-6)).sum()
    return total / frames


mask = fixed([[1, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]])
time = fixed([[0, 2, 3, 6, 9, 0], [4, 5, 90, 0, 0, 0], [1, 2, 5, 9, 0, 0], [1, 4, 6, 7, 9, 11]])
length = fixed([12, 95, 12, 95])
record("losses_carl", [
    ("two clips of different lengths, one frame too far from the other view", carl, [wave((4, 6, 3), 0.7, 0.2), mask, time, length]),
    ("a wider target, softer match", lambda *x: carl(*x, temperature=0.5, variance=40.0), [wave((4, 6, 3), 1.3, 0.4, 2), mask, time, length]),
])
