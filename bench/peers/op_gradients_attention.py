"""Recorded values of test/engine/attention.test.ts and quantise.test.ts: attention, torch.nn.MultiheadAttention and a nearest code with the losses of VQ-VAE, float64."""
import torch, torch.nn.functional as F
from recorded import fixed, record, trained, wave

q, k, v = wave((2, 3, 4), 0.71, 0.2, 2), wave((2, 5, 4), 0.43, 0.1, 2), wave((2, 5, 3), 0.37)
keep = fixed([[[1, 1, 0, 1, 0]], [[0, 0, 0, 1, 1]]])
blind = fixed([[1, 0, 1, 0, 1], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]])
bias = wave((2, 1, 5), 0.9, 0.3)
hiding = trained([[0.5, float("-inf"), 0.1, -2.0, 0.0], [float("-inf")] * 5, [1.0, 2.0, 3.0, 4.0, float("-inf")]])


def attention(**options):
    return lambda q, k, v, *mask: F.scaled_dot_product_attention(q, k, v, **{name: option(*mask) for name, option in options.items()})


def module(padding=None, causal=False):
    """torch.nn.MultiheadAttention of 4 numbers in 4 heads as a function of its parameters."""
    def attend(x, memory, *parameters):
        attended = torch.nn.MultiheadAttention(4, 4, batch_first=True)
        values = dict(zip(["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"], parameters))
        causal_mask = torch.triu(torch.ones(x.shape[1], memory.shape[1], dtype=torch.bool), 1) if causal else None
        arguments = (x, memory, memory * 0.5)
        return torch.func.functional_call(attended, values, arguments, {"key_padding_mask": padding, "attn_mask": causal_mask, "need_weights": False})[0]
    return attend


parameters = [wave((12, 4), 0.31, 0.5), wave((12,), 0.77), wave((4, 4), 0.53, 0.2), wave((4,), 0.91)]
inputs = [wave((2, 3, 4), 0.47), wave((2, 4, 4), 0.29, 0.4)]


def quantise(x, codebook):
    nearest = torch.cdist(x, codebook).argmin(-1)
    codes = codebook[nearest]
    straight = x + (codes - x).detach()
    chosen = F.one_hot(nearest, len(codebook)).double().reshape(-1, len(codebook))
    sums = chosen.T @ x.detach().reshape(-1, x.shape[-1])
    return straight, nearest.double(), F.mse_loss(x, codes.detach()), F.mse_loss(codes, x.detach()), chosen.sum(0), sums


record("attention", [
    ("attention", attention(), [q, k, v]),
    ("attention, scaled", attention(scale=lambda: 0.25), [q, k, v]),
    ("attention, causal", attention(is_causal=lambda: True), [q, k, v]),
    ("attention that keeps some keys", attention(attn_mask=lambda m: m.bool()), [q, k, v, keep]),
    ("attention with a query that sees no key", attention(attn_mask=lambda m: m.bool()), [q, k, v, blind]),
    ("attention with a bias", attention(attn_mask=lambda m: m), [q, k, v, bias]),
    ("attention with a bias that hides", attention(attn_mask=lambda m: m.detach()), [q, k, v, fixed(hiding.tolist())]),
    ("attention of large scores", attention(), [wave((2, 3, 4), 0.71, 0.2, 100), wave((2, 5, 4), 0.43, 0.1, 100), wave((2, 5, 3), 0.37)]),
    ("attention over one key", attention(), [wave((1, 3, 2), 0.7), wave((1, 1, 2), 0.4), wave((1, 1, 1), 0.3)]),
    ("MultiheadAttention", module(), [*inputs, *parameters]),
    ("MultiheadAttention with padding", module(padding=torch.tensor([[False, False, True, True], [False, True, False, False]])), [*inputs, *parameters]),
    ("MultiheadAttention, causal", module(causal=True), [*inputs, *parameters]),
])
record("quantise", [("vectorQuantise", quantise, [wave((2, 3, 2), 0.71, 0.2, 2), wave((4, 2), 0.43, 0.1, 2)])])
