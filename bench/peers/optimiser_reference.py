"""Recorded values of test/engine/optimisers.test.ts -> test/fixtures/torch/optimisers.json: six steps of torch.optim on a small problem with a product of two
parameters, float64. The optimisers are written as Posetta's, so that one file drives both sides.
python3 bench/peers/optimiser_reference.py"""
import fnmatch, json, pathlib, torch, torch.optim.swa_utils
torch.set_default_dtype(torch.float64)

X = torch.tensor([[0.5, -1.0], [1.5, 2.0], [-0.5, 0.25], [1.0, 0.5]])
y = torch.tensor([1.0, -2.0, 0.5, 0.25])
RATES = [0.05, 0.04, 0.06, 0.03, 0.02, 0.05]
DECAY = {"head.weight": True, "head.bias": False, "body.weight": True}
KINDS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}

groups = [{"match": "body.*", "rateFactor": 0.1, "weightDecay": 0.3}]
CASES = {
    "sgd": {"optimiser": {"kind": "sgd"}},
    "sgd with weight decay": {"optimiser": {"kind": "sgd", "weightDecay": 0.1}},
    "sgd with momentum": {"optimiser": {"kind": "sgd", "momentum": 0.9, "weightDecay": 0.1}},
    "sgd with dampening": {"optimiser": {"kind": "sgd", "momentum": 0.8, "dampening": 0.3}},
    "sgd with Nesterov momentum, clipped by norm": {"optimiser": {"kind": "sgd", "momentum": 0.9, "nesterov": True, "weightDecay": 0.05}, "clipNorm": 1.5},
    "sgd with groups, momentum in one": {"optimiser": {"kind": "sgd", "groups": [{"match": "head.*", "momentum": 0.9}]}, "clipValue": 0.7},
    "sgd with two dampenings": {"optimiser": {"kind": "sgd", "momentum": 0.9, "groups": [{"match": "head.*", "dampening": 0.5}, {"match": "body.weight", "dampening": 0.2}]}},
    "adam": {"optimiser": {"kind": "adam"}},
    "adam with L2, clipped by value": {"optimiser": {"kind": "adam", "weightDecay": 0.2, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-3}, "clipValue": 0.5},
    "adamw, PyTorch's defaults": {"optimiser": {"kind": "adamw"}},
    "adamw clipped by norm": {"optimiser": {"kind": "adamw", "weightDecay": 0.1}, "clipNorm": 1.5},
    "adamw with groups": {"optimiser": {"kind": "adamw", "weightDecay": 0.1, "groups": groups}, "clipNorm": 1.5},
    "adamw with betas of groups": {"optimiser": {"kind": "adamw", "groups": [{"match": ["head.weight", "body.*"], "beta1": 0.5, "beta2": 0.9, "epsilon": 1e-4}]}},
    "adamw with a rate of 0": {"optimiser": {"kind": "adamw", "groups": [{"match": "*.bias", "rateFactor": 0}]}, "clipNorm": 1.5},
    "adamw with a frozen group": {"optimiser": {"kind": "adamw", "groups": [{"match": "head.weight", "frozen": True}]}, "clipNorm": 1.5},
    "adamw with a moving average": {"optimiser": {"kind": "adamw"}, "average": {"kind": "exponential", "decay": 0.8}},
    "sgd with an equal average": {"optimiser": {"kind": "sgd", "momentum": 0.5}, "average": {"kind": "equal"}},
    "adamw with frozen and other groups": {"optimiser": {"kind": "adamw", "groups": [{"match": "body.*", "frozen": True}, {"match": "*.bias", "rateFactor": 3}]}},
}


def resolved(optimiser, name):
    own = next((g for g in optimiser.get("groups", []) if any(fnmatch.fnmatchcase(name, p) for p in ([g["match"]] if isinstance(g["match"], str) else g["match"]))), {})
    return {**optimiser, **own}


def torch_group(kind, options, decays, parameter):
    numbers = {"weight_decay": options.get("weightDecay", 0.01 if kind == "adamw" else 0.0) if decays else 0.0}
    if kind == "sgd":
        return {"params": [parameter], **numbers, "momentum": options.get("momentum", 0.0), "dampening": options.get("dampening", 0.0), "nesterov": options.get("nesterov", False)}
    return {"params": [parameter], **numbers, "betas": (options.get("beta1", 0.9), options.get("beta2", 0.999)), "eps": options.get("epsilon", 1e-8)}


def averaged(average, module):
    if average is None: return None
    function = {} if average["kind"] == "equal" else {"multi_avg_fn": torch.optim.swa_utils.get_ema_multi_avg_fn(average["decay"])}
    return torch.optim.swa_utils.AveragedModel(module, **function)


def run(optimiser, clipNorm=None, clipValue=None, average=None):
    kind = optimiser["kind"]
    params = {"head.weight": torch.tensor([[0.3], [-0.2]]), "head.bias": torch.tensor([0.1]), "body.weight": torch.tensor([[-0.4], [0.7]])}
    options = {name: resolved(optimiser, name) for name in params}
    for name, parameter in params.items(): parameter.requires_grad_(not options[name].get("frozen", False))
    trained = [name for name in params if params[name].requires_grad]
    optim = KINDS[kind]([torch_group(kind, options[name], DECAY[name], params[name]) for name in trained], lr=1.0)
    module = torch.nn.ParameterList(params.values())
    mean = averaged(average, module)
    steps = []
    for rate in RATES:
        for group, name in zip(optim.param_groups, trained): group["lr"] = rate * options[name].get("rateFactor", 1.0)
        optim.zero_grad()
        out = (X @ params["head.weight"]) * (1 + X @ params["body.weight"]) + params["head.bias"]
        loss = ((out[:, 0] - y) ** 2).mean()
        loss.backward()
        leaves = [params[name] for name in trained]
        norm = torch.nn.utils.get_total_norm([leaf.grad for leaf in leaves])
        if clipNorm is not None: torch.nn.utils.clip_grad_norm_(leaves, clipNorm)
        if clipValue is not None: torch.nn.utils.clip_grad_value_(leaves, clipValue)
        optim.step()
        if mean is not None: mean.update_parameters(module)
        kept = [*params.values(), *(() if mean is None else mean.module.parameters())]
        steps.append([loss.item(), norm.item(), *torch.cat([p.detach().flatten() for p in kept]).tolist()])
    return steps


cases = {title: {**case, "steps": run(**case)} for title, case in CASES.items()}
rows = ",\n".join(f"  {json.dumps(title)}: {json.dumps(case)}" for title, case in cases.items())
target = pathlib.Path(__file__).parents[2] / "test/fixtures/torch/optimisers.json"
target.write_text(f'{{ "torch": "{torch.__version__}", "rates": {RATES}, "cases": {{\n{rows}\n}} }}\n')
