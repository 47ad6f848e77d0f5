"""Recorded values of test/engine/schedules.test.ts -> test/fixtures/torch/schedules.json: learning rates of torch.optim.lr_scheduler. Schedules are written as Posetta's.
python3 bench/peers/schedule_reference.py"""
import json, pathlib, torch
from torch.optim import lr_scheduler as S

STEPS = 24
def cosine(o, s, steps):
    rate, least = o["learningRate"], o.get("least", 0)
    if "cycle" in o: return S.CosineAnnealingWarmRestarts(s, o["cycle"], o.get("growth", 1), rate * least)
    return S.CosineAnnealingLR(s, steps, rate * least)
MAKE = {
    "constant": lambda o, s, n: S.ConstantLR(s, 1.0),
    "one-cycle": lambda o, s, n: S.OneCycleLR(s, o["learningRate"], total_steps=n, pct_start=o["warmUp"], div_factor=25, final_div_factor=1e4, anneal_strategy="cos"),
    "cosine": cosine,
    "linear": lambda o, s, n: S.LinearLR(s, 1.0, max(o.get("least", 0), 0), n),
    "step": lambda o, s, n: S.StepLR(s, o["every"], o.get("factor", 0.1)),
    "multi-step": lambda o, s, n: S.MultiStepLR(s, o["at"], o.get("factor", 0.1)),
    "exponential": lambda o, s, n: S.ExponentialLR(s, o["factor"]),
}
SCHEDULES = [
    {"kind": "one-cycle", "learningRate": 0.01, "warmUp": 0.25},
    {"kind": "cosine", "learningRate": 0.5},
    {"kind": "cosine", "learningRate": 0.5, "least": 0.1},
    {"kind": "cosine", "learningRate": 0.5, "cycle": 7},
    {"kind": "cosine", "learningRate": 0.5, "cycle": 3, "growth": 2, "least": 0.05},
    {"kind": "cosine", "learningRate": 0.5, "warmUp": 0.25},
    {"kind": "cosine", "learningRate": 0.5, "warmUp": 0.125, "cycle": 4, "growth": 3},
    {"kind": "constant", "learningRate": 0.2, "warmUp": 0.5},
    {"kind": "linear", "learningRate": 0.2},
    {"kind": "linear", "learningRate": 0.2, "least": 0.25, "warmUp": 0.25},
    {"kind": "step", "learningRate": 0.3, "every": 5},
    {"kind": "step", "learningRate": 0.3, "every": 4, "factor": 0.5, "warmUp": 0.125},
    {"kind": "multi-step", "learningRate": 0.3, "at": [2, 9, 9, 17]},
    {"kind": "multi-step", "learningRate": 0.3, "at": [6, 12], "factor": 0.3, "warmUp": 0.25},
    {"kind": "exponential", "learningRate": 0.3, "factor": 0.9},
    {"kind": "exponential", "learningRate": 0.3, "factor": 0.8, "warmUp": 0.25},
]


def rates(o):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=o["learningRate"])
    warm = 0 if o["kind"] == "one-cycle" else int(o.get("warmUp", 0) * STEPS)
    if warm == 0: scheduler = MAKE[o["kind"]](o, optimiser, STEPS)
    else: scheduler = S.SequentialLR(optimiser, [S.LinearLR(optimiser, 1 / warm, 1.0, warm - 1), MAKE[o["kind"]](o, optimiser, STEPS - warm)], [warm])
    seen = []
    for _ in range(STEPS):
        seen.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    return seen


VALUES = [5, 4, 3, 3.1, 2.9999, 3, 3, 2.5, 2.5, 2.6, 2.4, 2.7, 2.4, 2.39, 2.4, 2.4, 2.4, 2.4, 2.4, 2.4]
PLATEAUS = [
    {"better": "lower", "patience": 1, "factor": 0.5},
    {"better": "lower", "patience": 0, "cooldown": 2, "mode": "absolute", "threshold": 0.05, "least": 0.004},
    {"better": "higher", "patience": 2, "factor": 0.3, "threshold": 0.1},
    {"better": "higher", "patience": 1, "mode": "absolute", "threshold": 0.2, "factor": 0.9, "cooldown": 1},
    {"better": "lower", "patience": 0, "factor": 0.01, "threshold": 0.5},
]


def plateau(o):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler = S.ReduceLROnPlateau(optimiser, "min" if o["better"] == "lower" else "max", o.get("factor", 0.1), o.get("patience", 10), o.get("threshold", 1e-4),
                                    "abs" if o.get("mode") == "absolute" else "rel", o.get("cooldown", 0), o.get("least", 0))
    seen = []
    for value in VALUES:
        scheduler.step(-value if o["better"] == "higher" and o.get("mode") != "absolute" else value)
        seen.append(optimiser.param_groups[0]["lr"])
    return seen


lines = lambda rows: "[\n" + ",\n".join(f"  {json.dumps(row)}" for row in rows) + "\n]"
text = f'{{ "torch": "{torch.__version__}", "steps": {STEPS}, "schedules": {lines([{"schedule": o, "rates": rates(o)} for o in SCHEDULES])},\n'
text += f'"values": {VALUES}, "plateaus": {lines([{"options": o, "rates": plateau(o)} for o in PLATEAUS])} }}\n'
(pathlib.Path(__file__).parents[2] / "test/fixtures/torch/schedules.json").write_text(text)
