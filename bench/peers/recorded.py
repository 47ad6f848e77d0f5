"""Values and derivatives by PyTorch's autograd in float64, recorded in test/fixtures/torch/<topic>.json for test/engine/recorded.ts.

One script per topic, op_gradients_<topic>.py, calls `record` with cases: a title, a function of tensors, the inputs. Gradients are those of a loss in which every element of every
result counts differently: the sum of result * weight, weight = ((7 k + 3 i) mod 11 - 5.5) / 4, k the element in row-major order, i the result. Run: python bench/peers/op_gradients_<topic>.py
"""
import json, math, pathlib, torch

torch.set_default_dtype(torch.float64)


def wave(shape, step, start=0.0, scale=1.0):
    """scale * sin(start + step * k), k the element, as a tensor of which gradients are taken; exact in float32, so that every engine is fed the same."""
    values = scale * (torch.arange(math.prod(shape), dtype=torch.float64) * step + start).sin()
    return values.float().double().reshape(shape).requires_grad_()


def fixed(values):
    """Chosen numbers without a gradient: indices, masks, weights."""
    return torch.tensor(values, dtype=torch.float64).float().double()


def trained(values):
    """Chosen numbers of which gradients are taken."""
    return fixed(values).requires_grad_()


def record(topic, cases):
    """Writes the fixture of a topic: per case the inputs, the results, and for each input its gradient, null where none is taken."""
    written = {}
    for title, function, inputs in cases:
        assert title not in written, title
        results = function(*inputs)
        results = results if isinstance(results, (tuple, list)) else (results,)
        loss = sum((r * (((torch.arange(r.numel()) * 7 + 3 * i) % 11 - 5.5) / 4).reshape(r.shape)).sum() for i, r in enumerate(results))
        gradients = [None if not t.requires_grad else numbers(gradient(loss, t)) for t in inputs]
        written[title] = {"inputs": [tensor(t) for t in inputs], "results": [tensor(r) for r in results], "gradients": gradients}
    path = pathlib.Path(__file__).parents[2] / "test/fixtures/torch" / f"{topic}.json"
    path.parent.mkdir(exist_ok=True)
    lines = ",\n".join(f"{json.dumps(title)}:{json.dumps(case, separators=(',', ':'))}" for title, case in written.items())
    path.write_text(f'{{"torch":"{torch.__version__.split("+")[0]}","cases":{{\n{lines}\n}}}}\n')
    print(path, path.stat().st_size, "bytes,", len(written), "cases")


def gradient(loss, t):
    found = torch.autograd.grad(loss, t, retain_graph=True, allow_unused=True)[0] if loss.requires_grad else None
    return torch.zeros_like(t) if found is None else found


def tensor(t):
    return {"shape": list(t.shape), "data": numbers(t)}


def numbers(t):
    """To 13 digits, of float32 all 9 that it has; what JSON has no number for is text."""
    digits = 9 if t.dtype == torch.float32 else 13
    return [float(f"{x:.{digits}g}") if math.isfinite(x) else "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity" for x in t.detach().double().flatten().tolist()]
