"""Recorded values of test/engine/edges.test.ts: operations at the edges of float32, by PyTorch in float32, as float64 hides what overflows."""
import math, torch, torch.nn.functional as F
from recorded import record

inf, nan, big = math.inf, math.nan, (2 - 2 ** -23) * 2.0 ** 127
edges = [0.0, -0.0, 2.0 ** -126, -2.0 ** -126, 1e-30, -1e-30, 1.0, -1.0, 1e30, -1e30, big, -big, inf, -inf, nan]
numbers = (0.0, 2.0, -2.0, 1e30, inf, -inf, nan)
pairs = [(a, b) for a in numbers for b in numbers]


def fed(values):
    return torch.tensor(values, dtype=torch.float32).requires_grad_()


def filled(low, high):
    return lambda x: torch.clamp(x, low, high)


pointwise = {
    "abs": torch.abs, "neg": torch.neg, "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt, "square": torch.square, "reciprocal": torch.reciprocal, "sin": torch.sin, "cos": torch.cos,
    "atan": torch.atan, "acos": torch.acos, "erf": torch.erf, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "logSigmoid": F.logsigmoid, "softplus": F.softplus, "softsign": F.softsign,
    "relu": F.relu, "leakyRelu": F.leaky_relu, "elu": F.elu, "silu": F.silu, "mish": F.mish, "gelu": F.gelu, "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
    "hardSigmoid": F.hardsigmoid, "hardSwish": F.hardswish, "sign": torch.sign, "floor": torch.floor, "ceil": torch.ceil, "round": torch.round,
    "clamp between -1 and 1": filled(-1, 1), "clamp from 0": filled(0, None), "pow to 2": lambda x: x ** 2, "pow to 0": lambda x: x ** 0, "pow to 1": lambda x: x ** 1, "pow to -1": lambda x: x ** -1,
    "pow to 0.5": lambda x: x ** 0.5, "where not taken": lambda x: torch.where(x == 1, x, torch.zeros_like(x)),
}
paired = {"mul": torch.mul, "div": torch.div, "pow": torch.pow, "maximum": torch.maximum, "minimum": torch.minimum, "atan2": torch.atan2}
rows = [
    [0.0, 0.0, 0.0], [-0.0, 0.0, -0.0], [3e-30, 4e-30, 0.0], [3e30, -4e30, 0.0], [1e30, 1e30, 1e30], [inf, 1.0, 2.0], [-inf, 1.0, 2.0], [inf, -inf, 1.0], [inf, inf, 1.0], [-inf, -inf, -inf],
    [nan, 1.0, 2.0], [1.0, 2.0, nan], [2.0, 2.0, 1.0], [0.0, inf, 2.0], [0.0, 0.0, 5.0], [big, big, -big],
]
folded = {
    "sum": lambda x: x.sum(1), "mean": lambda x: x.mean(1), "max": lambda x: x.amax(1), "min": lambda x: x.amin(1), "prod": lambda x: x.prod(1), "sumSquare": lambda x: (x * x).sum(1),
    "norm": lambda x: torch.linalg.vector_norm(x, dim=1), "variance": lambda x: x.var(1), "standardDeviation": lambda x: x.std(1), "logSumExp": lambda x: torch.logsumexp(x, 1),
    "softmax": lambda x: x.softmax(1), "logSoftmax": lambda x: x.log_softmax(1), "cumsum": lambda x: x.cumsum(1),
    "normalise": lambda x: F.layer_norm(x, (3,)), "crossEntropy": lambda x: F.cross_entropy(x, torch.tensor([i % 3 for i in range(len(x))]), reduction="none"),
    "maxPool": lambda x: F.max_pool1d(x[:, None], 2, 1, 1), "avgPool": lambda x: F.avg_pool1d(x[:, None], 2, 1), "adaptiveAvgPool": lambda x: F.adaptive_avg_pool1d(x[:, None], 2),
}

torch.set_default_dtype(torch.float32)
record("edges", [
    *((name, function, [fed(edges)]) for name, function in pointwise.items()),
    *((name, function, [fed([a for a, _ in pairs]), fed([b for _, b in pairs])]) for name, function in paired.items()),
    *((name, function, [fed(rows)]) for name, function in folded.items()),
])
