"""Recorded values of test/train/losses/gtcc.test.ts: GTCC by PyTorch, float64, written from the formulas frame by frame, without padding.

`python bench/peers/losses_gtcc.py --fit` prints how well expectation and maximisation, which ours has, fits mixtures beside L-BFGS as the release has it: by what L-BFGS lowers.
"""
import math, sys, torch
from recorded import fixed, record, wave

TEMPERATURE = 0.125  # float32 holds it exactly, as the constants of our graphs


def gaussians(means, variances, frames):
    """[K, M], each row divided by its sum."""
    rows = [torch.softmax(-((torch.arange(frames) - m) ** 2) / (2 * v), 0) for m, v in zip(means, variances)]
    return torch.stack(rows)


def start(frames, count):
    return [1 + k * (frames - 2) / count for k in range(count)], [float(frames)] * count, [1 / count] * count


def expectation_maximisation(p, count, steps):
    """Weights [K] and components [K, M] of the mixture of a distribution [M]; loops over components."""
    places = torch.arange(len(p), dtype=p.dtype)
    means, variances, weights = start(len(p), count)
    for _ in range(steps):
        joint = gaussians(means, variances, len(p)) * torch.as_tensor(weights, dtype=p.dtype)[:, None]
        owned = joint / joint.sum(0).clamp(min=1e-300) * p
        weights = owned.sum(1)
        means = [(o * places).sum() / max(w, 1e-30) for o, w in zip(owned, weights)]
        variances = [((o * (places - m) ** 2).sum() / max(w, 1e-30)).clamp(min=0.5) for o, w, m in zip(owned, weights, means)]
    return torch.as_tensor(weights), gaussians(means, variances, len(p))


def lowered(p, weights, components):
    """What the release's L-BFGS lowers: the divergence in both directions."""
    g = weights @ components
    there, here = torch.log(p + 1e-30), torch.log(g + 1e-30)
    return (p * (there - here)).sum() + (g * (here - there)).sum()


def quasi_newton(p, count, calls=8, iterations=4):
    """The release's fit: what it calls deviations are variances, at least a half."""
    means, variances, weights = (torch.tensor(x).requires_grad_() for x in start(len(p), count))
    mixture = lambda: (torch.softmax(weights, 0), gaussians(means.clamp(0, len(p) - 1), variances.clamp(min=0.5), len(p)))
    optimiser = torch.optim.LBFGS([means, variances, weights], lr=0.5, max_iter=iterations, history_size=10, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = lowered(p, *mixture())
        loss.backward()
        return loss
    for _ in range(calls):
        optimiser.step(closure)
    return mixture()


def window(i, frames, share, before):
    """Places of the view in which the cycle of frame i may end."""
    width = max(round(frames * share), 1)
    near = range(i - width, i) if before else range(i, i + width)
    ends = [range(width)] * (i < width) + [range(frames - width, frames)] * (i >= frames - width)
    return [j for j in range(frames) if j in near or any(j in end for end in ends)]


def cycles(x, y, drawn, before, count, steps, share, variance_weight):
    """Costs of the drawn frames of x [N, z] through y [M, z]."""
    costs = []
    for i in drawn:
        there = torch.softmax(-torch.stack([(x[i] - v).norm() for v in y]) / TEMPERATURE, 0)
        weights, components = expectation_maximisation(there.detach(), count, steps)
        cost = 0.0
        for weight, component in zip(weights, components):
            neighbour, ends = component @ y, window(i, len(x), share, before)
            back = torch.softmax(-torch.stack([(neighbour - x[j]).norm() for j in ends]) / TEMPERATURE, 0)
            mean = sum(b * j for b, j in zip(back, ends))
            term = (i - mean) ** 2
            if variance_weight:
                term = term + variance_weight * torch.log(torch.sqrt(sum(b * (j - mean) ** 2 for b, j in zip(back, ends))))
            cost = cost + weight * term
        costs.append(cost)
    return torch.stack(costs)


def drawn_costs(before, count=3, steps=8, share=0.5, variance_weight=0.0):
    """Of padded sequences, as ours has them; a draw beyond the frames of a sequence is padding and costs 0."""
    def run(u, v, frames, others, places):
        rows = []
        for x, y, n, m, at in zip(u, v, frames, others, places):
            n, m = int(n.sum()), int(m.sum())
            real = [int(i) for i in at if i < n]
            costs = cycles(x[:n], y[:m], real, before, count, steps, share, variance_weight)
            rows.append(torch.cat([costs, torch.zeros(len(at) - len(real))]))
        return torch.stack(rows)
    return run


def kept(x, frames, vectors, least=0.25):
    """The chance B of each frame, 0 in the padding."""
    rows = []
    for one, n, vector in zip(x, frames, vectors):
        scores = one[: int(n.sum())] @ vector[:-1] + vector[-1]
        chance = least + (1 - least) * torch.sigmoid((scores - scores.mean()) / scores.std())
        rows.append(torch.cat([chance, torch.zeros(len(one) - len(chance))]))
    return torch.stack(rows)


def fits():
    """Two sequences each go through the same two cycles of a motion at another pace; noise and scale of the embeddings decide how peaked assignments are."""
    torch.manual_seed(7)
    print("frames  scale  lowered by L-BFGS, by expectation-maximisation after 8, 16, 32 steps (medians)")
    for frames in (20, 64):
        for scale in (0.05, 0.3, 1.0):
            turns = torch.randn(2, 16)
            motion = lambda offset, n: torch.stack([f(torch.linspace(offset, offset + 4 * math.pi, n)) for f in (torch.sin, torch.cos)], 1) @ turns + 0.05 * torch.randn(n, 16)
            assigned = torch.softmax(-torch.cdist(scale * motion(0.0, frames), scale * motion(0.3, frames)) / 0.1, 1)
            newton = torch.stack([lowered(p, *quasi_newton(p, 5)).detach() for p in assigned]).median()
            ours = [torch.stack([lowered(p, *expectation_maximisation(p, 5, steps)) for p in assigned]).median() for steps in (8, 16, 32)]
            print(f"{frames:6} {scale:6}  {newton:.3f}   {' '.join(f'{x:.3f}' for x in ours)}")


if "--fit" in sys.argv:
    fits()
else:
    frames, others = fixed([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]]), fixed([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]])
    case = lambda: [wave((2, 6, 3), 0.61, 0.3, 0.4), wave((2, 7, 3), 0.83, 1.0, 0.4), frames, others, fixed([[0, 2, 5], [1, 3, 4]])]
    record("losses_gtcc", [
        ("windows before the frames", drawn_costs(True), case()),
        ("windows after the frames, narrower, five components", drawn_costs(False, count=5, share=0.25, steps=4), case()),
        ("with the variance", drawn_costs(False, share=0.75, variance_weight=0.125), case()),
        ("chances of not being dropped", kept, [wave((2, 6, 3), 0.61, 0.3), frames, wave((2, 4), 0.9, 0.5)]),
    ])
