"""Recorded values of test/engine/activations.test.ts: activations and softmaxes by PyTorch, float64."""
import torch, torch.nn.functional as F
from recorded import record, trained, wave

x = wave((2, 3, 4), 0.61, 0.3, 3)

record("activations", [
    ("softmax over the last axis", lambda x: torch.softmax(x, -1), [x]),
    ("logSoftmax over the last axis", lambda x: torch.log_softmax(x, -1), [x]),
    ("logSoftmax of far numbers", lambda x: torch.log_softmax(x, -1), [trained([[1000.0, -1000.0, 0.0], [-2000.0, -2000.5, -2001.0]])]),
    ("gelu", F.gelu, [x]),
    ("relu", F.relu, [x]),
])
