"""Recorded values of test/engine/arranging.test.ts: places put elsewhere, repeated, added up or found, by PyTorch, float64."""
import torch, torch.nn.functional as F
from recorded import fixed, record, trained, wave

x = wave((2, 5, 3), 0.71, 0.2)
wide = wave((2, 3, 6), 0.37, 0.4)
tied = trained([[1.0, 3.0, 3.0, 1.0, 2.0], [0.0, -1.0, 5.0, 4.0, 0.5]])


def place(found):
    return found.indices.double()


record("arranging", [
    ("slice by steps", lambda x: x[:, 1:5:2], [x]),
    ("slice of negative places", lambda x: x[:, -4:-1], [x]),
    ("flip", lambda x: x.flip(0, 2), [x]),
    ("roll", lambda x: x.roll(-7, 1), [x]),
    ("tile", lambda x: x.tile(2, 1, 3), [x]),
    ("repeat", lambda x: x.repeat_interleave(3, 1), [x]),
    ("stack", lambda x: torch.stack([x, x * 2], -1), [x]),
    ("split", lambda x: x.split([1, 3, 1], 1), [x]),
    ("split into equal parts", lambda x: x.chunk(3, -1), [x]),
    ("pad", lambda x: F.pad(x, (1, 2), value=-1.5), [x]),
    ("pad, edge", lambda x: F.pad(x, (2, 7), mode="replicate"), [wide]),
    ("pad, reflect", lambda x: F.pad(x, (5, 4), mode="reflect"), [wide]),
    ("pad, circular", lambda x: F.pad(x, (6, 3), mode="circular"), [wide]),
    ("pad of one place, circular", lambda x: F.pad(x, (1, 1), mode="circular"), [wave((2, 3, 1), 0.9)]),
    ("cumsum", lambda x: x.cumsum(1), [x]),
    ("cumsum, reversed", lambda x: x.flip(-1).cumsum(-1).flip(-1), [x]),
    ("cumsum, exclusive", lambda x: x.cumsum(1) - x, [x]),
    ("topK", lambda x: x.topk(3, 1).values, [x]),
    ("topK, indices", lambda x: place(x.topk(3, 1)), [x]),
    ("topK of the smallest", lambda x: x.topk(2, -1, largest=False).values, [x]),
    # ties: the first come first, which topk does not promise and a stable sort does
    ("topK of ties, indices", lambda x: place(x.sort(dim=-1, descending=True, stable=True)), [fixed(tied.tolist())]),
    ("topK of ties, the smallest", lambda x: place(x.sort(dim=-1, stable=True)), [fixed(tied.tolist())]),
    ("argMax", lambda x: x.argmax(1).double(), [fixed(x.tolist())]),
    ("argMin, kept", lambda x: x.argmin(-1, keepdim=True).double(), [fixed(x.tolist())]),
    ("argMax of ties", lambda x: x.argmax(-1).double(), [fixed(tied.tolist())]),
    ("triangle", lambda x: x * torch.tril(torch.ones(5, 3), 1), [x]),
    ("triangle, upper", lambda x: x * torch.triu(torch.ones(5, 3), -1), [x]),
])
