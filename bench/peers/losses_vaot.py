"""Recorded values of test/train/losses/vaot.test.ts: VAOT's loss by PyTorch, float64, written from the formula clip by clip, without padding, with loops over frames."""
import torch
from recorded import fixed, record, wave

# rounded to float32, as constants of a graph are: 25 steps magnify what is lost
RHO, ZETA, ALPHA, REST, EPSILON, TEMPERATURE = fixed([0.35, 0.5, 0.3, 0.7, 0.07, 0.1]).tolist()


def structure(frames, radius, near, far, least):
    reach = max(int(frames * radius), least)
    return torch.tensor([[near if 1 <= abs(i - j) <= reach else far for j in range(frames)] for i in range(frames)], dtype=torch.float64)


def plan(cosines, padded, radius=0.02, least=0, mirror=False, steps=25, iterations=1):
    """T [N, M]; neighbours are counted in the padded views, as they are tensors of that length."""
    n, m = cosines.shape
    cost = torch.full((n + 1, m + 1), ZETA, dtype=torch.float64)
    for i in range(n):
        for j in range(m):
            cost[i + 1, j + 1] = 1 - cosines[i, j] + RHO * abs(i / n - j / m)
    cx = structure(padded + 1, radius, 1 / radius, 0.0, least)[:n + 1, :n + 1]
    cy = structure(padded + 1, radius, 0.0, 1.0, least)[:m + 1, :m + 1]
    if max(int((padded + 1) * radius), least) == 0:
        cx = cx * 0
    p, q = torch.full((n + 1,), 1 / (n + 1), dtype=torch.float64), torch.full((m + 1,), 1 / (m + 1), dtype=torch.float64)
    t, size = torch.outer(p, q), None
    for _ in range(steps):
        now = ALPHA * cx @ t @ cy + REST * cost
        gradient = now + EPSILON * torch.log(t + 1e-12)
        size = 4 / gradient.abs().max() if size is None else size
        kernel = t * torch.exp(-size * gradient) if mirror else torch.exp(-now / EPSILON)
        b = torch.ones_like(q)
        for _ in range(iterations):
            a = p / (kernel @ b)
            b = q / (kernel.T @ a)
        t = a[:, None] * kernel * b[None]
    return (t * (n + 1))[1:, 1:]


def vaot(embeddings, mask, time, length, **options):
    clips, padded = len(mask) // 2, mask.shape[1]
    losses = []
    for b in range(clips):
        x, y = [torch.nn.functional.normalize(embeddings[r][mask[r] > 0]) for r in (b, b + clips)]
        wanted = plan((x @ y.T).detach(), padded, **options)
        losses.append(-(wanted * torch.log(torch.softmax(x @ y.T / TEMPERATURE, 1) + 1e-11)).sum(1).mean())
    return torch.stack(losses).mean()


mask = fixed([[1] * 6 + [0], [1] * 4 + [0] * 3, [1] * 5 + [0] * 2, [1] * 7])
time, length = fixed([[*range(7)]] * 4), fixed([9, 8, 9, 8])
case = lambda: [wave((4, 7, 3), 0.7, 0.2), mask, time, length]
record("losses_vaot", [
    ("as released", vaot, case()),
    ("with structure: neighbours within 0.3 of the view", lambda *x: vaot(*x, radius=0.3), case()),
    ("a neighbour at least", lambda *x: vaot(*x, radius=0.1, least=1), case()),
    ("mirror steps, 5 iterations each", lambda *x: vaot(*x, radius=0.1, least=1, mirror=True, iterations=5), case()),
])
