"""Recorded values of test/models/casa.test.ts: CASA's encoder by PyTorch, float64, written from the description of its layers (specification 3.2), view by view.

Parameters are named and laid out as in src/models/casa.ts: matrices [inputs, outputs]. Cases are functions of the coordinates [2, T, M, J, D + 2] of both views and of the parameters in order.
"""
import torch
from recorded import record, wave


def parameters(width, layers):
    """Name and shape in order."""
    square = lambda name: [(f"{name}.weight", (width, width)), (f"{name}.bias", (width,))]
    norm = lambda name: [(f"{name}.gain", (width,)), (f"{name}.bias", (width,))]
    inner = []
    for at in range(2 * layers):
        inner += [(f"layers.{at}.{part}.weight", (width, width)) for part in ("query", "key", "value", "merge")] + norm(f"layers.{at}.attention-norm")
        inner += [(f"layers.{at}.mlp-in.weight", (2 * width, 2 * width)), (f"layers.{at}.mlp-out.weight", (2 * width, width))] + norm(f"layers.{at}.mlp-norm")
    return square("joints-in") + square("joints-out") + inner + square("head-in") + square("head-out")


def encoding(frames, width):
    """Rows of sin and cos by turns; of an odd width the last is cut off one that is wider by one."""
    even = width + width % 2
    rates = torch.tensor([10000 ** (-2 * k / even) for k in range(even // 2)])
    angles = torch.arange(frames)[:, None] * rates[None]
    # constants of a graph are float32
    return torch.stack([angles.sin(), angles.cos()], -1).reshape(frames, even)[:, :width].float().double(), torch.tensor(even).sqrt().float().double()


def casa(dims, heads, layers, frames, pair, lengths=None):
    """Both views through the encoder; `lengths` = how many frames of each are no padding, where padding is masked."""
    def function(coordinates, *values):
        views, room = coordinates.shape[:2]
        width = coordinates.shape[2] * coordinates.shape[3] * dims
        p = dict(zip([name for name, _ in parameters(width, layers)], values, strict=True))
        linear = lambda x, name: x @ p[f"{name}.weight"] + p[f"{name}.bias"]
        table, scale = encoding(room, width)
        keep = [torch.ones(room) if lengths is None else (torch.arange(room) < n).double() for n in (lengths or [room] * views)]

        def layer(at, x, source, kept):
            name = f"layers.{at}"
            q, k, v = ((of @ p[f"{name}.{part}.weight"]).reshape(room, heads, width // heads) for of, part in ((x, "query"), (source, "key"), (source, "value")))
            phi = lambda y: torch.where(y > 0, y + 1, torch.exp(y))
            mixed = torch.zeros_like(q)
            for head in range(heads):
                weights = phi(q[:, head]) @ phi(k[:, head]).T * kept[None]
                mixed[:, head] = weights @ v[:, head] / (weights.sum(1, keepdim=True) + 1e-6)
            message = normed(mixed.reshape(room, width) @ p[f"{name}.merge.weight"], f"{name}.attention-norm")
            hidden = torch.relu(torch.cat([x, message], 1) @ p[f"{name}.mlp-in.weight"]) @ p[f"{name}.mlp-out.weight"]
            return x + normed(hidden, f"{name}.mlp-norm")

        def normed(x, name):
            return torch.nn.functional.layer_norm(x, (width,), p[f"{name}.gain"], p[f"{name}.bias"])

        def seen(view):
            flat = coordinates[view, ..., :dims].reshape(room, width)
            own = table if lengths is None else table * keep[view][:, None]
            return torch.relu(linear(torch.relu(linear(flat, "joints-in")), "joints-out")) * scale + own

        def both(a, b, kept):
            for at in range(layers):
                a, b = layer(2 * at, a, a, kept[0]), layer(2 * at, b, b, kept[1])
                a = layer(2 * at + 1, a, b, kept[1])
                b = layer(2 * at + 1, b, a, kept[0])
            return a, b

        if pair:
            embedding = torch.stack(both(seen(0), seen(1), keep))
        else:
            embedding = torch.stack([both(seen(v), seen(v), [keep[v]] * 2)[0] for v in range(views)])
        return embedding, linear(torch.relu(linear(embedding, "head-in")), "head-out")
    return function


def case(title, joints, dims, heads, layers=2, frames=4, **options):
    width = joints * dims
    values = [wave(shape, 0.61 + 0.07 * i, 0.3 * i, (6 / sum(shape)) ** 0.5 if len(shape) == 2 else 1 if name.endswith("gain") else 0.2) for i, (name, shape) in enumerate(parameters(width, layers))]
    return title, casa(dims, heads, layers, frames, **options), [wave((2, frames, 1, joints, dims + 2), 0.37, 0.1), *values]


record("model_casa", [
    case("two views of 2 joints in the plane meet", 2, 2, 2, layers=1, pair=True),
    case("a joint in space, an odd number, each view by itself", 1, 3, 3, pair=False),
    case("padding is masked", 1, 3, 1, layers=1, pair=True, lengths=[4, 2]),
])
