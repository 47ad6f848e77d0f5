"""Recorded values of test/engine/activations.test.ts: activations and softmaxes by PyTorch, float64."""
import math, torch, torch.nn.functional as F
from recorded import record, trained, wave

x = wave((2, 3, 4), 0.61, 0.3, 4)
# kinks, far numbers and near ones
odd = trained([-1000.0, -100.0, -20.0, -3.0, -1.0, -1e-4, 0.0, 1e-4, 1.0, 3.0, 20.0, 100.0, 1000.0])
inf = math.inf

pointwise = {
    "relu": F.relu, "leakyRelu": F.leaky_relu, "leakyRelu of slope 0.2": lambda x: F.leaky_relu(x, 0.2), "elu": F.elu, "elu of alpha 0.5": lambda x: F.elu(x, 0.5),
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "logSigmoid": F.logsigmoid, "softplus": F.softplus, "softsign": F.softsign, "silu": F.silu, "mish": F.mish,
    "gelu": F.gelu, "geluTanh": lambda x: F.gelu(x, approximate="tanh"), "hardSigmoid": F.hardsigmoid, "hardSwish": F.hardswish,
}

record("activations", [
    *((name, function, [x]) for name, function in pointwise.items()),
    *((f"{name} of kinks and far numbers", function, [odd]) for name, function in pointwise.items()),
    ("softmax over the last axis", lambda x: torch.softmax(x, -1), [x]),
    ("softmax over the first axis", lambda x: torch.softmax(x, 0), [x]),
    ("softmax over the middle axis", lambda x: torch.softmax(x, 1), [x]),
    ("softmax with places that are left out", lambda x: torch.softmax(x, 0), [trained([[1.0, -inf], [2.0, 3.0], [-inf, -inf]])]),
    ("logSoftmax over the last axis", lambda x: torch.log_softmax(x, -1), [x]),
    ("logSoftmax over the middle axis", lambda x: torch.log_softmax(x, -2), [x]),
    ("logSoftmax of far numbers", lambda x: torch.log_softmax(x, -1), [trained([[1000.0, -1000.0, 0.0], [-2000.0, -2000.5, -2001.0]])]),
    ("logSoftmax of one place", lambda x: torch.log_softmax(x, 1), [trained([[3.0], [-4.0]])]),
])
