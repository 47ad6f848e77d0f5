"""Recorded values of test/models/resnet.test.ts: torchvision's ResNet, written with torch.nn for any widths and norms, without its fc. Its parameters are called and ordered as torchvision's.

With torchvision installed, `python bench/peers/resnet.py --check` holds it against torchvision.models.resnet18 and resnet50: names, shapes, and values of random weights.
"""
import sys, torch
from torch import nn
from recorded import record, wave


class Block(nn.Module):
    def __init__(self, inputs, width, stride, norm, bottleneck):
        super().__init__()
        outputs = width * (4 if bottleneck else 1)
        sizes = [(inputs, width, 1, 1), (width, width, 3, stride), (width, outputs, 1, 1)] if bottleneck else [(inputs, width, 3, stride), (width, outputs, 3, 1)]
        for i, (a, b, k, s) in enumerate(sizes, 1):
            setattr(self, f"conv{i}", nn.Conv2d(a, b, k, s, k // 2, bias=False))
            setattr(self, f"bn{i}", norm(b))
        self.count = len(sizes)
        if inputs != outputs or stride == 2:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), norm(outputs))

    def forward(self, x):
        y = x
        for i in range(1, self.count + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            y = y if i == self.count else torch.relu(y)
        return torch.relu(y + (self.downsample(x) if hasattr(self, "downsample") else x))


class ResNet(nn.Module):
    def __init__(self, channels, widths, blocks, norm=nn.BatchNorm2d, bottleneck=False, imagenet=False, pool="mean"):
        super().__init__()
        k = 7 if imagenet else 3
        self.imagenet, self.pool = imagenet, pool
        self.conv1, self.bn1 = nn.Conv2d(channels, widths[0], k, 2, k // 2, bias=False), norm(widths[0])
        inputs = widths[0]
        for stage, (width, count) in enumerate(zip(widths, blocks), 1):
            made = []
            for i in range(count):
                made.append(Block(inputs, width, 2 if stage > 1 and i == 0 else 1, norm, bottleneck))
                inputs = width * (4 if bottleneck else 1)
            setattr(self, f"layer{stage}", nn.Sequential(*made))
        self.stages = len(widths)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = nn.functional.max_pool2d(x, 3, 2, 1) if self.imagenet else x
        for stage in range(1, self.stages + 1):
            x = getattr(self, f"layer{stage}")(x)
        return x.mean((2, 3)) if self.pool == "mean" else x.amax((2, 3))


def case(title, net, shape, training):
    """Inputs: the pictures, the parameters in torchvision's order, then (evaluating) mean and variance of each batch normalisation."""
    net.train(training)
    names = [name for name, _ in net.named_parameters()]
    values = [wave(p.shape, 0.9 + 0.13 * i, 0.3 * i, 0.6 if p.dim() == 4 else 1.0) for i, (_, p) in enumerate(net.named_parameters())]
    buffers = [] if training else [name for name, _ in net.named_buffers() if "running" in name]
    known = [(wave(b.shape, 0.7, i, 0.2) if "mean" in name else wave(b.shape, 0.7, i, 0.2) + 1).detach().float().double() for i, (name, b) in enumerate((n, b) for n, b in net.named_buffers() if "running" in n)] if buffers else []
    def run(x, *rest):
        return torch.func.functional_call(net, dict(zip(names + buffers, rest)), (x,))
    return (title, run, [wave(shape, 0.37, 0.1), *values, *known])


if "--check" in sys.argv:
    import torchvision
    torch.set_default_dtype(torch.float32)
    for theirs, ours in [(torchvision.models.resnet18(), ResNet(3, [64, 128, 256, 512], [2, 2, 2, 2], imagenet=True)),
                         (torchvision.models.resnet50(), ResNet(3, [64, 128, 256, 512], [3, 4, 6, 3], bottleneck=True, imagenet=True))]:
        theirs.fc = nn.Identity()
        assert list(theirs.state_dict()) == list(ours.state_dict())
        ours.load_state_dict(theirs.state_dict())
        x = torch.randn(2, 3, 64, 64)
        assert torch.allclose(theirs.eval()(x), ours.eval()(x), atol=1e-5)
    print("as torchvision", torchvision.__version__)
else:
    record("resnet", [
        case("basic blocks, group norm, the largest", ResNet(2, [2, 2], [1, 1], norm=lambda c: nn.GroupNorm(min(8, c), c), pool="max"), (2, 2, 7, 6), True),
        case("basic blocks, batch norm, training", ResNet(3, [2, 3], [1, 1]), (2, 3, 6, 6), True),
        case("bottlenecks, imagenet stem, batch norm, trained", ResNet(1, [1, 2], [1, 1], bottleneck=True, imagenet=True), (1, 1, 14, 11), False),
    ])
