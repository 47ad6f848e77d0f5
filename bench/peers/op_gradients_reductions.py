"""Recorded values of test/engine/reductions.test.ts: reductions by PyTorch, float64."""
import math, torch
from recorded import fixed, record, trained, wave

x = wave((2, 3, 4), 0.61, 0.3, 2)
ties = trained([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [-1.0, -5.0, -1.0]])
zeros = trained([[2.0, 0.0, -3.0], [0.0, 4.0, 0.0], [1.5, -2.0, 0.5]])
inf = math.inf
truths = fixed([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [2.0, -1.0, 0.5]])

record("reductions", [
    ("min over the last axis", lambda x: torch.amin(x, -1), [x]), ("min over two axes, kept", lambda x: torch.amin(x, (0, 2), keepdim=True), [x]),
    ("min of ties", lambda x: torch.amin(x, 1), [ties]), ("max of ties", lambda x: torch.amax(x, 1), [ties]), ("max over the first axis of ties", lambda x: torch.amax(x, 0), [ties]),
    ("max of infinities", lambda x: torch.amax(x, 1), [trained([[-inf, -inf], [inf, 1.0], [-inf, 2.0]])]), ("min of infinities", lambda x: torch.amin(x, 1), [trained([[-inf, -inf], [inf, 1.0], [inf, inf]])]),
    ("prod over the middle axis", lambda x: torch.prod(x, 1), [x]), ("prod with zeros", lambda x: torch.prod(x, 1), [zeros]),
    ("prod over two axes", lambda x: x.flatten(1).prod(1), [x]),
    ("logSumExp over the last axis", lambda x: torch.logsumexp(x, -1), [x]), ("logSumExp over two axes, kept", lambda x: torch.logsumexp(x, (0, 1), keepdim=True), [x]),
    ("logSumExp of far numbers", lambda x: torch.logsumexp(x, 1), [trained([[1000.0, 999.0, -1000.0], [-2000.0, -2001.0, -2000.5], [3e4, 3e4, 3e4]])]),
    ("logSumExp with elements left out", lambda x: torch.logsumexp(x, 1), [trained([[-inf, 1.0, 2.0], [-inf, -inf, 3.0]])]),
    ("logSumExp of nothing but elements left out", lambda x: torch.logsumexp(x, 0), [fixed([-inf, -inf])]), ("logSumExp of Infinity", lambda x: torch.logsumexp(x, 0), [fixed([inf, 1.0])]),
    ("variance", lambda x: torch.var(x, -1), [x]), ("variance of all there is", lambda x: torch.var(x, (0, 2), correction=0), [x]), ("variance over all axes, kept", lambda x: torch.var(x, (0, 1, 2), keepdim=True), [x]),
    ("variance of numbers far from 0", lambda x: torch.var(x, 0), [trained([16.0, 16.5, 17.25])]), ("variance of one number", lambda x: torch.var(x, 0, correction=0), [trained([3.0])]),
    ("standardDeviation", lambda x: torch.std(x, 1), [x]), ("standardDeviation of all there is, kept", lambda x: torch.std(x, (-1,), correction=0, keepdim=True), [x]),
    ("standardDeviation of equal numbers", lambda x: torch.std(x, 1), [trained([[2.0, 2.0, 2.0], [1.0, 2.0, 4.0]])]),
    ("norm", lambda x: torch.linalg.vector_norm(x, dim=-1), [x]), ("norm over two axes, kept", lambda x: torch.linalg.vector_norm(x, dim=(0, 1), keepdim=True), [x]),
    ("norm of zeros", lambda x: torch.linalg.vector_norm(x, dim=1), [trained([[0.0, 0.0], [3.0, -4.0]])]),
    ("any", lambda x: (x != 0).any(1).double(), [truths]), ("all, kept", lambda x: (x != 0).all(1, keepdim=True).double(), [truths]),
])
