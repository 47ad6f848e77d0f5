"""Recorded values of test/engine/float16.test.ts -> test/fixtures/torch/half.json: numpy's rounding of doubles to float16, and PyTorch's autocast on the test's small training.
python3 bench/peers/half_reference.py"""
import json, pathlib, numpy, torch

rng = numpy.random.default_rng(5)
halves = numpy.arange(0, 0x7c00, 97, dtype=numpy.uint16).view(numpy.float16).astype(float)
after = numpy.nextafter(halves.astype(numpy.float16), numpy.float16(numpy.inf)).astype(float)
middles = (halves + numpy.where(numpy.isinf(after), 65536.0, after)) / 2
values = numpy.concatenate([
    middles, numpy.nextafter(middles, 0), numpy.nextafter(middles, 1e9), rng.standard_normal(100) * 10.0 ** rng.integers(-9, 6, 100),
    [65504, 65519.999, 65520, 65536, 1e300, 2.0**-24, 2.0**-25, 2.0**-25 * 1.0000001, 1e-300, 0.1, 1 / 3, 2047.5, 2048.5, 2049, 2051],
])
with numpy.errstate(over="ignore"): rounded = values.astype(numpy.float16).astype(float)
text = lambda x: x if numpy.isfinite(x) else "Infinity"


def training():
    """Three steps of SGD under autocast, as the test's: x -> tanh-free two-layer network with a softmax."""
    x = torch.sin(torch.arange(24.0).reshape(4, 6) * 0.7)
    target = torch.eye(3)[torch.tensor([0, 2, 1, 2])]
    up = (torch.cos(torch.arange(48.0) * 0.9) * 0.4).reshape(6, 8).requires_grad_()
    down = (torch.sin(torch.arange(24.0) * 1.3) * 0.5).reshape(8, 3).requires_grad_()
    losses = []
    for _ in range(8):
        with torch.autocast("cpu", dtype=torch.float16):
            scores = torch.relu(x @ up) @ down
            loss = -(torch.log_softmax(scores.float(), -1) * target).sum(-1).mean()
        losses.append(loss.item())
        grads = torch.autograd.grad(loss * 1024, [up, down])
        with torch.no_grad():
            for parameter, grad in zip([up, down], grads): parameter -= 0.5 * grad.float() / 1024
    return losses


rows = [[float(a), text(float(b))] for a, b in zip(values, rounded)]
target = pathlib.Path(__file__).parents[2] / "test/fixtures/torch/half.json"
target.write_text(json.dumps({"numpy": numpy.__version__, "torch": torch.__version__, "rounded": rows, "losses": training()}).replace("], [", "],\n[") + "\n")
