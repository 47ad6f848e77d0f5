"""The stacks of bench/engine/convolutions.ts in idiomatic PyTorch: conv2d, conv3d, einsum, batch_norm, SGD with momentum.

    python convolutions_step.py JSON        starts from the numbers in `folder`; `last` has channels last in memory
"""
import json, os, sys
import numpy as np, torch, torch.nn.functional as F
from steps import serve

spec = json.loads(sys.argv[1])
torch.set_num_threads(spec['threads'])


def numbers(name, shape):
    return torch.from_numpy(np.fromfile(os.path.join(spec['folder'], f'{name}.f32'), np.float32)).reshape(shape)


def in_memory(t):
    layouts = {4: torch.channels_last, 5: torch.channels_last_3d}
    return t.contiguous(memory_format=layouts[t.dim()]) if spec['last'] and t.dim() in layouts else t.contiguous()


flat, start, params = numbers('params', -1), 0, {}
for parameter in spec['parameters']:
    size = int(np.prod(parameter['shape']))
    params[parameter['name']] = in_memory(flat[start:start + size].reshape(parameter['shape']).clone()).requires_grad_()
    start += size
running = {}


def norm(h, name):
    gain, bias = params[f'{name}.gain'], params[f'{name}.bias']
    if spec['plain']:
        shape = [-1] + [1] * (h.dim() - 2)
        return h * gain.view(shape) + bias.view(shape)
    mean, variance = running.setdefault(name, (torch.zeros(h.shape[1]), torch.ones(h.shape[1])))
    return F.batch_norm(h, mean, variance, gain, bias, training=True)


def graph_block(h, name, stride):
    n, _, t, v = h.shape
    parts = F.conv2d(h, params[f'{name}.spatial.weight'])
    spatial = torch.einsum('nkctv,kvw->nctw', parts.reshape(n, 3, -1, t, v), params[f'{name}.graph'])
    temporal = F.conv2d(F.relu(norm(spatial, f'{name}.spatial')), params[f'{name}.temporal.weight'], stride=(stride, 1), padding=(4, 0))
    weight = params.get(f'{name}.shortcut.weight')
    shortcut = h if weight is None else norm(F.conv2d(h, weight, stride=(stride, 1)), f'{name}.shortcut')
    return F.relu(norm(temporal, f'{name}.temporal') + shortcut)


def unit(h, name, **options):
    return F.relu(norm(F.conv3d(h, params[f'{name}.weight'], **options), name))


def bottleneck(h, name, stride):
    space = unit(unit(h, f'{name}.time', padding=(1, 0, 0)), f'{name}.space', stride=(1, stride, stride), padding=(0, 1, 1))
    shortcut = norm(F.conv3d(h, params[f'{name}.shortcut.weight'], stride=(1, stride, stride)), f'{name}.shortcut')
    return F.relu(norm(F.conv3d(space, params[f'{name}.out.weight']), f'{name}.out') + shortcut)


def stack(h):
    if spec['stack'] == 'graph':
        for i, stride in enumerate((1, 2, 1)): h = graph_block(h, f'block{i}', stride)
        return h
    h = unit(h, 'stem', stride=(1, 2, 2), padding=1)
    return unit(bottleneck(bottleneck(h, 'block0', 1), 'block1', 2), 'last', padding=1)


x, y = in_memory(numbers('x', spec['x'])), numbers('y', spec['y'])
optimiser = torch.optim.SGD(params.values(), lr=1e-2, momentum=0.9, fused=True)


def step():
    optimiser.zero_grad(set_to_none=True)
    loss = ((stack(x).flatten(2).mean(2) - y) ** 2).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


serve(f"torch {torch.__version__}, {spec['threads']} threads{', channels last' if spec['last'] else ''}", step)
