"""One training step of the `small` LA2DS profile in idiomatic PyTorch: the rival of bench/training-step.ts.

The same mathematics and shapes (16 clips x 2 views x 64 frames, 27 x 32 x 32 heatmaps as 16 patches of 1728 numbers), nn.LayerNorm,
F.scaled_dot_product_attention, clip_grad_norm_, AdamW (fused). Waits for lines on stdin: `step` answers the wall and CPU milliseconds of one step, and its loss.
    python training_step.py THREADS [compile | lean]
`lean` does by hand what the rival's idiom does not: the first LayerNorm folded into its Linear (the normalised patches are never made) and the last
spatial block computed for the class token alone.
"""
import sys, time
import torch, torch.nn as nn, torch.nn.functional as F

VIEWS, FRAMES, TOKENS, PATCH, WIDTH, HEADS, EMBEDDING = 32, 64, 16, 1728, 64, 4, 128
LEAN = 'lean' in sys.argv

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
        self.spatial, self.temporal = nn.ModuleList([Block() for _ in range(2)]), nn.ModuleList([Block() for _ in range(4)])
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
        per_frame = -(torch.softmax(d + hidden, -1) * torch.log_softmax(s + hidden, -1)).sum(-1)
        total = total + ((per_frame * rows).sum(1) / rows.sum(1)).mean()
    return total / 2

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
model = La2ds()
optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2, fused=True)
patches = torch.rand(VIEWS, FRAMES, TOKENS, PATCH) ** 8
mask, position = torch.ones(VIEWS, FRAMES), torch.rand(VIEWS, FRAMES, WIDTH)
time_ = torch.arange(FRAMES).float().expand(VIEWS, FRAMES)

def loss_of():
    return soft_match(model(patches, mask, position), mask, time_)

if 'compile' in sys.argv: loss_of = torch.compile(loss_of)

def step():
    optimiser.zero_grad(set_to_none=True)
    loss = loss_of()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return loss.item()

print(f'ready torch {torch.__version__}, {sum(p.numel() for p in model.parameters())} parameters', flush=True)
for line in sys.stdin:
    start, cpu = time.perf_counter(), time.process_time()
    loss = step()
    print(f'{(time.perf_counter() - start) * 1000:.1f} {(time.process_time() - cpu) * 1000:.1f} {loss:.5f}', flush=True)
