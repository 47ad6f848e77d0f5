"""The transformer encoder of bench/engine/transformer.ts in idiomatic PyTorch: nn.TransformerEncoderLayer (pre-norm, GELU), clip_grad_norm_, fused AdamW.

    python transformer_step.py JSON        starts from the numbers in `folder`; `compiled` wraps the loss in torch.compile
"""
import json, os, sys
import numpy as np, torch, torch.nn as nn
from steps import serve

spec = json.loads(sys.argv[1])
rows, tokens, width, outputs = (spec[name] for name in ('rows', 'tokens', 'width', 'outputs'))
torch.set_num_threads(spec['threads'])


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layer = lambda: nn.TransformerEncoderLayer(width, spec['heads'], spec['mlp'] * width, dropout=0, activation='gelu', batch_first=True, norm_first=True)
        self.layers = nn.ModuleList([layer() for _ in range(spec['layers'])])
        self.norm, self.out = nn.LayerNorm(width), nn.Linear(width, outputs)

    def forward(self, x):
        for layer in self.layers: x = layer(x)
        return self.out(self.norm(x))


def numbers(name, *shape):
    return torch.from_numpy(np.fromfile(os.path.join(spec['folder'], f'{name}.f32'), np.float32)).reshape(shape)


def load(model):
    """Ours keeps a matrix as [in, out] and query, key and value apart; its vector has the parameters in the order given."""
    flat, start, ours = numbers('params', -1), 0, {}
    for parameter in spec['parameters']:
        shape = parameter['shape']
        size = int(np.prod(shape))
        value = flat[start:start + size].reshape(shape)
        ours[parameter['name']], start = (value.t() if len(shape) == 2 else value), start + size
    theirs = {}
    for i in range(spec['layers']):
        at, to = f'layer{i}', f'layers.{i}'
        for kind, joined in (('weight', 'in_proj_weight'), ('bias', 'in_proj_bias')):
            theirs[f'{to}.self_attn.{joined}'] = torch.cat([ours[f'{at}.attention.{part}.{kind}'] for part in ('query', 'key', 'value')])
            theirs[f'{to}.self_attn.out_proj.{kind}'] = ours[f'{at}.attention.output.{kind}']
            theirs[f'{to}.linear1.{kind}'], theirs[f'{to}.linear2.{kind}'] = ours[f'{at}.mlp-in.{kind}'], ours[f'{at}.mlp-out.{kind}']
        for norm, name in (('attention-norm', 'norm1'), ('mlp-norm', 'norm2')):
            theirs[f'{to}.{name}.weight'], theirs[f'{to}.{name}.bias'] = ours[f'{at}.{norm}.gain'], ours[f'{at}.{norm}.bias']
    theirs |= {'norm.weight': ours['norm.gain'], 'norm.bias': ours['norm.bias'], 'out.weight': ours['out.weight'], 'out.bias': ours['out.bias']}
    model.load_state_dict({name: value.contiguous() for name, value in theirs.items()})


model = Encoder()
load(model)
decayed = [p for p in model.parameters() if p.ndim > 1]
plain = [p for p in model.parameters() if p.ndim == 1]
optimiser = torch.optim.AdamW([{'params': decayed, 'weight_decay': 1e-2}, {'params': plain, 'weight_decay': 0}], lr=1e-3, fused=True)
x, y = numbers('x', rows, tokens, width), numbers('y', rows, tokens, outputs)


def loss_of():
    return ((model(x) - y) ** 2).mean()


if spec['compiled']: loss_of = torch.compile(loss_of)


def step():
    optimiser.zero_grad(set_to_none=True)
    loss = loss_of()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return loss.item()


serve(f"torch {torch.__version__}, {spec['threads']} threads{', compiled' if spec['compiled'] else ''}", step)
