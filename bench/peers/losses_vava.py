"""Recorded values of test/train/losses/vava.test.ts: VAVA's loss by PyTorch, float64, written from the formula clip by clip, without padding, with loops over frames."""
import math, torch
from recorded import fixed, record, wave

LAMBDA1, LAMBDA2, ZETA, DELTA, FAR, MARGIN, TEMPERATURE = 1.0, 0.1, 0.5, 2.0, 5.0, 2.0, 0.5


def squares(x, y):
    return ((x[:, None] - y[None]) ** 2).sum(2)


def priors(x, y, phi):
    """P and S / lambda1 [N + 1, M + 1], virtual frames first; places counted from 1."""
    nearest = squares(x, y).argmin(1).tolist()
    n, m = len(x) + 1, len(y) + 1
    scale = math.sqrt(1 / n**2 + 1 / m**2)
    normal = lambda d: math.exp(-(d / scale) ** 2 / (2 * DELTA**2)) / (DELTA * math.sqrt(2 * math.pi))
    peak = lambda d: 1 / (d**2 + 1)
    tables = []
    for of in (normal, peak):
        table = torch.empty(n, m, dtype=torch.float64)
        for i in range(1, n + 1):
            for j in range(1, m + 1):
                best = (nearest[i - 2] + 1 if i > 1 else 1) / m
                table[i - 1, j - 1] = phi * of(abs(i / n - j / m)) + (1 - phi) * of(abs(j / m - best))
                if (i == 1) != (j == 1):
                    table[i - 1, j - 1] = of(1.5 * 2 * FAR / (n + m))
        tables.append(table)
    return tables


def transport(x, y, phi, iterations=20):
    n, m = len(x), len(y)
    prior, structure = priors(x.detach(), y.detach(), phi)
    cost = torch.nn.functional.pad(squares(x, y), (1, 0, 1, 0), value=ZETA)
    kernel = (prior * torch.exp((LAMBDA1 * (n + m) * structure - cost) / (LAMBDA2 * n * m / 4))).clamp(1e-15, 1e20)
    p, q = torch.full((n + 1,), 1 / (n + 1)), torch.full((m + 1,), 1 / (m + 1))
    u = torch.full((n + 1,), 1 / (n + 1))
    for _ in range(iterations):
        u = 1 / ((kernel / p[:, None]) @ (q / (kernel.T @ u)))
    v = q / (kernel.T @ u)
    u = 1 / ((kernel / p[:, None]) @ v)
    return (u[:, None] * kernel * cost * v[None]).sum() / ((n + 1) * (m + 1)), (kernel * cost)[1:, 1:].detach()


def spread(x, window):
    total = 0.0
    for i in range(len(x)):
        for j in range(len(x)):
            d = ((x[i] - x[j]) ** 2).mean()
            total = total + (torch.clamp(MARGIN - d, min=0) if abs(i - j) > window else d / ((i - j) ** 2 + 1))
    return total / len(x) ** 2


def contrast(x, y, affinity):
    distances = []
    for best in (torch.argmax, torch.argmin):
        distances.append((((x - y[best(affinity, 1)]) ** 2).mean() + ((y - x[best(affinity, 0)]) ** 2).mean()) / TEMPERATURE)
    return torch.nn.functional.cross_entropy(torch.stack(distances), torch.tensor(1))


def vava(embeddings, mask, time, length, phi=0.999, window=15, intra=0.5, inter=1e-4):
    clips, losses = len(mask) // 2, []
    for b in range(clips):
        x, y = [embeddings[r][mask[r] > 0] for r in (b, b + clips)]
        cost, affinity = transport(x, y, phi)
        losses.append(cost / (len(x) * len(y)) + intra * (spread(x, window) + spread(y, window)) + inter * contrast(x, y, affinity))
    return torch.stack(losses).mean()


mask = fixed([[1] * 6 + [0], [1] * 4 + [0] * 3, [1] * 5 + [0] * 2, [1] * 7])
time, length = fixed([[*range(7)]] * 4), fixed([9, 8, 9, 8])
case = lambda: [wave((4, 7, 3), 0.7, 0.2), mask, time, length]
record("losses_vava", [
    ("as released, at the start", vava, case()),
    ("frames more than two apart pushed apart, the nearest frame's prior, stronger contrast between views", lambda *x: vava(*x, phi=0.3, window=2, inter=1.0), case()),
    ("the transport alone", lambda *x: vava(*x, phi=0.5, intra=0.0, inter=0.0), case()),
])
