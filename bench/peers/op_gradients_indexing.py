"""Recorded values of test/engine/indexing.test.ts: reading and writing by index by PyTorch, float64."""
import torch, torch.nn.functional as F
from recorded import fixed, record, wave

x = wave((3, 4, 2), 0.71, 0.2)
table = wave((5, 3), 0.43, 0.1)
rows = fixed([[4, 0, 0], [2, 4, 0]])
batched = fixed([[3, 0, 3], [1, 1, 1], [0, 2, 3]])


def each(x, indices, function):
    """A function of every entry of a batch."""
    return torch.stack([function(entry, index) for entry, index in zip(x, indices)])


record("indexing", [
    ("gather", lambda x, i: x[:, i.long()], [x, fixed([[3, 0], [3, 1]])]),
    ("gather, negative axis", lambda x: x.index_select(-1, torch.tensor([1, 1, 0])), [x]),
    ("gather of batches", lambda x, i: each(x, i.long(), lambda entry, index: entry[index]), [x, batched]),
    ("gather of batches, last axis", lambda x, i: each(x, i.long(), lambda entry, index: entry[:, index]), [x, fixed([[1, 0, 1], [1, 1, 1], [0, 0, 1]])]),
    ("gather of one place", lambda x: x.index_select(1, torch.tensor([0, 0, 0])), [wave((2, 1, 2), 0.9)]),
    ("scatterAdd", lambda u, i: torch.zeros(3, 6, 2).index_add(1, i.long(), u), [x, fixed([5, 0, 5, 5])]),
    ("scatterAdd of batches", lambda u, i: each(u, i.long(), lambda entry, index: torch.zeros(5, 2).index_add(0, index, entry)), [wave((3, 3, 2), 0.77), batched]),
    ("takeAlong", lambda x, i: torch.take_along_dim(x, i.long(), 1), [x, fixed([[[3, 0]], [[1, 1]], [[0, 2]]])]),
    ("takeAlong, broadcast", lambda x, i: torch.take_along_dim(x, i.long(), -2), [x, fixed([[[3], [0], [3], [2], [1]]])]),
    ("embedding", lambda t, i: F.embedding(i.long(), t), [table, rows]),
    ("embedding with padding", lambda t, i: F.embedding(i.long(), t, padding_idx=0), [table, rows]),
    ("oneHot", lambda i: F.one_hot(i.long(), 5).double(), [rows]),
])
