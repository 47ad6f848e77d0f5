"""Recorded values of test/engine/soft-dtw.test.ts: the recursions of Cuturi & Blondel, 2017, and Hadji et al., 2021 (`dtw_prob`), cell by cell, differentiated by autograd."""
import torch
from recorded import fixed, record, wave


def minimum(gamma):
    return lambda ways: -gamma * torch.logsumexp(-ways / gamma, 0)


def mean(gamma):
    return lambda ways: (torch.softmax(-ways / gamma, 0) * ways).sum()


def table(distances, softened):
    """[N, M]; a cell has up to three before it, the first none."""
    cells = {}
    for i in range(distances.shape[0]):
        for j in range(distances.shape[1]):
            ways = [cells[at] for at in ((i - 1, j - 1), (i - 1, j), (i, j - 1)) if at in cells]
            cells[i, j] = distances[i, j] + (softened(torch.stack(ways)) if ways else 0)
    return torch.stack([torch.stack([cells[i, j] for j in range(distances.shape[1])]) for i in range(distances.shape[0])])


def tables(softened):
    return lambda distances: torch.stack([table(one, softened) for one in distances])


def ends(distances, rows, columns):
    return torch.stack([table(one, minimum(0.1))[int(n) - 1, int(m) - 1] for one, n, m in zip(distances, rows, columns)])


def embedded(x, y):
    return torch.stack([table(torch.cdist(a, b) ** 2, minimum(0.1))[-1, -1] for a, b in zip(x, y)])


if __name__ == "__main__":
    record("soft-dtw", [
        ("tables of soft minima", tables(minimum(0.5)), [wave((2, 4, 3), 0.71)]),
        ("tables of weighted means", tables(mean(0.5)), [wave((2, 3, 4), 0.83)]),
        ("tables of weighted means, gamma .1", tables(mean(0.1)), [wave((1, 5, 5), 1.37, 0.2)]),
        ("sequences of unequal length", ends, [wave((3, 5, 6), 0.59, 0.4), fixed([5, 2, 1]), fixed([3, 6, 4])]),
        ("one frame against many", tables(minimum(0.1)), [wave((2, 1, 5), 0.9)]),
        ("many frames against one", tables(minimum(0.1)), [wave((1, 5, 1), 0.9)]),
        ("twelve frames in three dimensions", embedded, [wave((1, 12, 3), 0.77), wave((1, 9, 3), 0.61, 1.0)]),
    ])
