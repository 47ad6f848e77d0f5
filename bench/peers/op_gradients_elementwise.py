"""Recorded values of test/engine/elementwise.test.ts: functions of single numbers and pairs, choices and comparisons by PyTorch, float64."""
import math, torch
from recorded import fixed, record, trained, wave

x = wave((3, 4), 0.61, 0.3, 2)
y = wave((4,), 0.9, 0.1, 1.5)
odd = trained([-2.5, -1.5, -1.0, -0.5, 0.0, 0.25, 0.5, 1.5, 2.5, 1e6 + 0.5, -4194304.5, 3e9])
positive = trained([0.1, 0.5, 1.0, 2.0, 30.0])
left, right = fixed([1.0, 2.0, 3.0, math.nan, -math.inf, math.inf]), fixed([2.0, 2.0, 2.0, 1.0, -math.inf, math.nan])
true, other = fixed([[0.0], [1.0], [2.5]]), fixed([0.0, 1.0, -1.0])
number = lambda function: lambda *inputs: function(*inputs).double()


def safe_log(x):
    return torch.where(x > 0, torch.log(torch.where(x > 0, x, torch.ones_like(x))), torch.zeros_like(x))


record("elementwise", [
    ("abs", torch.abs, [odd]), ("sign", torch.sign, [odd]), ("sign of NaN and infinities", torch.sign, [left]),
    ("floor", torch.floor, [odd]), ("ceil", torch.ceil, [odd]), ("round", torch.round, [odd]), ("round of infinities", torch.round, [fixed([math.inf, -math.inf, math.nan])]),
    ("sin", torch.sin, [x]), ("cos", torch.cos, [x]), ("atan", torch.atan, [odd]),
    ("acos", torch.acos, [trained([-0.99, -0.5, 0.0, 0.5, 0.99])]), ("acos at its ends and beyond", torch.acos, [fixed([-1.0, 1.0, 1.5])]),
    ("clamp", lambda x: torch.clamp(x, -1.5, 0.5), [odd]), ("clamp from below", lambda x: torch.clamp(x, min=0.25), [odd]),
    ("atan2 around the circle", torch.atan2, [trained([0.0, 1.0, 2.0, 1.0, 0.0, -1.0, -3.0, -1.0, 1e-20, 3e30]), trained([1.0, 1.0, 0.0, -2.0, -1.0, -1.0, 0.0, 1.0, -1e-20, 4e30])]),
    ("atan2, broadcast", torch.atan2, [x, y]),
    *((f"pow to {exponent}", lambda x, exponent=exponent: torch.pow(x, exponent), [trained([-2.0, -0.5, 0.0, 0.5, 3.0])]) for exponent in (0, 1, 2, 3, -1)),
    *((f"pow to {exponent}", lambda x, exponent=exponent: torch.pow(x, exponent), [positive]) for exponent in (0.5, 2.5, -1.5)),
    ("pow of nodes", torch.pow, [positive, trained([2.0, -1.0, 0.0, 0.5, 1.5])]),
    ("pow of a number", lambda x: torch.pow(2.0, x), [x]),
    ("pow of 0", torch.pow, [trained([0.0, 0.0]), trained([2.0, 1.0])]),
    ("where", lambda a, b: torch.where(a > b, a, b * 3), [x, y]),
    ("where, broadcast both ways", lambda c, a, b: torch.where(c != 0, a, b), [true, y, wave((1,), 1.0, 0.4)]),
    ("where with numbers", lambda c, a: torch.where(c != 0, a, 7.0), [true, y]),
    ("where before a logarithm", safe_log, [trained([-1.0, 0.0, 2.0])]),
    *((name, number(getattr(torch, function)), [left, right]) for name, function in (
        ("greater", "gt"), ("greaterOrEqual", "ge"), ("less", "lt"), ("lessOrEqual", "le"), ("equal", "eq"), ("notEqual", "ne"))),
    *((name, number(getattr(torch, f"logical_{name}")), [true, other]) for name in ("and", "or")), ("not", number(torch.logical_not), [true]),
])
