"""One training step of LA2DS in idiomatic PyTorch: the rival of bench/training-step.ts, from the same numbers.

The same mathematics and shapes (clips x 2 views x 64 frames of heatmaps as patches), nn.LayerNorm, F.scaled_dot_product_attention, clip_grad_norm_, AdamW (fused).
    python training_step.py JSON
`compiled` wraps the loss in torch.compile. `lean` does by hand what the rival's idiom does not: the first LayerNorm folded into its Linear (the normalised patches are
never made) and the last spatial block computed for the class token alone. `device` (cpu when left out): the batch is moved there at every step, as in training.
"""
import json, os, sys
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from steps import serve

SPEC = json.loads(sys.argv[1])
CONFIG, VIEWS, FRAMES, LEAN = SPEC['config'], SPEC['rows'], SPEC['frames'], SPEC['lean']
TOKENS, PATCH, WIDTH, HEADS, EMBEDDING = (CONFIG[name] for name in ('tokens', 'patchInputs', 'width', 'heads', 'embedding'))

class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.out = nn.Linear(WIDTH, WIDTH)
    def forward(self, x, mask=None):
        b, s, _ = x.shape
        q, k, v = self.qkv(x).view(b, s, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        return self.out(F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(b, s, WIDTH))
    def first(self, x):
        b, s, _ = x.shape
        split = lambda y, parts: y.view(b, -1, parts, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        (q,), (k, v) = split(F.linear(x[:, :1], self.qkv.weight[:WIDTH]), 1), split(F.linear(x, self.qkv.weight[WIDTH:]), 2)
        return self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, 1, WIDTH))

class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2, self.attention = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH), Attention()
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))
    def forward(self, x, mask=None):
        x = x + self.attention(self.norm1(x), mask)
        return x + self.mlp(self.norm2(x))
    def first(self, x):
        x = x[:, :1] + self.attention.first(self.norm1(x))
        return x + self.mlp(self.norm2(x))

class La2ds(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Sequential(nn.LayerNorm(PATCH), nn.Linear(PATCH, WIDTH), nn.LayerNorm(WIDTH))
        self.class_token, self.spatial_position = nn.Parameter(torch.zeros(1, 1, WIDTH)), nn.Parameter(torch.randn(1, TOKENS + 1, WIDTH) * 0.02)
        self.spatial, self.temporal = nn.ModuleList([Block() for _ in range(CONFIG['spatialLayers'])]), nn.ModuleList([Block() for _ in range(CONFIG['temporalLayers'])])
        self.spatial_norm, self.temporal_norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.embedding = nn.Linear(WIDTH, EMBEDDING)
        self.head = nn.Sequential(nn.Linear(EMBEDDING, EMBEDDING), nn.ReLU(), nn.Linear(EMBEDDING, EMBEDDING))
    def folded_embed(self, patches):
        norm, linear, last = self.embed
        variance, centre = torch.var_mean(patches, -1, keepdim=True, correction=0)
        weight = linear.weight * norm.weight
        return last((patches @ weight.t() - centre * weight.sum(1)) * torch.rsqrt(variance + norm.eps) + (linear.weight @ norm.bias + linear.bias))
    def forward(self, patches, mask, position):
        x = (self.folded_embed if LEAN else self.embed)(patches.view(VIEWS * FRAMES, TOKENS, PATCH))
        x = torch.cat([self.class_token.expand(len(x), 1, WIDTH), x], 1) + self.spatial_position
        for block in self.spatial[:-1] if LEAN else self.spatial: x = block(x)
        if LEAN: x = self.spatial[-1].first(x)
        x = self.spatial_norm(x[:, 0]).view(VIEWS, FRAMES, WIDTH) + position
        keys = mask.view(VIEWS, 1, 1, FRAMES).bool()
        for block in self.temporal: x = block(x, keys)
        return self.head(self.embedding(self.temporal_norm(x)))

def soft_match(z, mask, time):
    """Soft Gaussian target over original time, cosine / 0.1, both directions (la2ds.md 5.6)."""
    half = VIEWS // 2
    z = F.normalize(z, dim=-1)
    scores = z[:half] @ z[half:].transpose(1, 2) / 0.1
    distance = -(time[:half, :, None] - time[half:, None, :]) ** 2 / 8
    total = 0
    for s, d, rows, columns in ((scores, distance, mask[:half], mask[half:]), (scores.transpose(1, 2), distance.transpose(1, 2), mask[half:], mask[:half])):
        hidden = (columns[:, None, :] - 1) * 1e9
        wanted = torch.log_softmax(d + hidden, -1)
        per_frame = F.kl_div(torch.log_softmax(s + hidden, -1), wanted, log_target=True, reduction='none').sum(-1)
        total = total + ((per_frame * rows).sum(1) / rows.sum(1)).mean()
    return total / 2

def numbers(name):
    return torch.from_numpy(np.fromfile(os.path.join(SPEC['folder'], f'{name}.f32'), np.float32))

def load(model):
    """Ours keeps a matrix as [in, out] and query, key and value apart; its vector has the parameters in the order given."""
    flat, start, ours = numbers('params'), 0, {}
    for parameter in SPEC['parameters']:
        shape = parameter['shape']
        size = int(np.prod(shape))
        value, start = flat[start:start + size].reshape(shape), start + size
        ours[parameter['name']] = value.t() if parameter['name'].endswith('weight') else value
    theirs = {'class_token': ours['class-token'][None, None], 'spatial_position': ours['spatial-position'][None]}
    def take(to, name):
        theirs[f'{to}.weight'] = ours.get(f'{name}.weight', ours.get(f'{name}.gain'))
        theirs[f'{to}.bias'] = ours[f'{name}.bias']
    for to, name in (('embed.0', 'patch.in-norm'), ('embed.1', 'patch.linear'), ('embed.2', 'patch.out-norm'), ('spatial_norm', 'spatial-norm'), ('temporal_norm', 'temporal-norm'),
                     ('embedding', 'embedding'), ('head.0', 'head-in'), ('head.2', 'head-out')):
        take(to, name)
    for part in ('spatial', 'temporal'):
        for i in range(CONFIG[f'{part}Layers']):
            at = f'{part}.{i}'
            theirs[f'{at}.attention.qkv.weight'] = torch.cat([ours[f'{at}.attention.{name}.weight'] for name in ('query', 'key', 'value')])
            for to, name in (('attention.out', 'attention.output'), ('norm1', 'attention-norm'), ('norm2', 'mlp-norm'), ('mlp.0', 'mlp-in'), ('mlp.2', 'mlp-out')):
                take(f'{at}.{to}', f'{at}.{name}')
    model.load_state_dict({name: value.contiguous() for name, value in theirs.items()})

def repeated(values, *shape):
    size = int(np.prod(shape))
    return values.repeat(-(-size // len(values)))[:size].reshape(shape)

torch.set_num_threads(SPEC['threads'])
DEVICE = SPEC.get('device', 'cpu')
model = La2ds()
load(model)
model.to(DEVICE)
decayed, plain = [], []
for name, parameter in model.named_parameters():
    (decayed if parameter.ndim == 2 else plain).append(parameter)
optimiser = torch.optim.AdamW([{'params': decayed, 'weight_decay': 1e-2}, {'params': plain, 'weight_decay': 0}], lr=1e-3, fused=True)
patches = repeated(numbers('patches'), VIEWS, FRAMES, TOKENS, PATCH)
if DEVICE != 'cpu': patches = patches.pin_memory()
mask, position = torch.ones(VIEWS, FRAMES).to(DEVICE), numbers('position').reshape(VIEWS, FRAMES, WIDTH).to(DEVICE)
time_ = torch.arange(FRAMES).float().expand(VIEWS, FRAMES).to(DEVICE)

def loss_of(patches):
    return soft_match(model(patches, mask, position), mask, time_)

if SPEC['compiled']: loss_of = torch.compile(loss_of)

def step():
    optimiser.zero_grad(set_to_none=True)
    loss = loss_of(patches.to(DEVICE, non_blocking=True))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return loss.item()

serve(f"torch {torch.__version__}, {SPEC['threads']} threads{'' if DEVICE == 'cpu' else ' on ' + DEVICE}{', compiled' if SPEC['compiled'] else ', same algebra' if LEAN else ''}", step)
