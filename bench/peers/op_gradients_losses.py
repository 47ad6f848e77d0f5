"""Recorded values of test/engine/losses.test.ts: losses by PyTorch, float64."""
import math, torch, torch.nn.functional as F
from recorded import fixed, record, trained, wave

logits = wave((4, 3), 0.61, 0.3, 3)
deep = wave((2, 3, 4), 0.61, 0.3, 3)
classes = fixed([2.0, 0.0, 1.0, 1.0])
weights = fixed([0.5, 2.0, 1.0])
ignored = fixed([2.0, -100.0, 1.0, -100.0])
shares = fixed([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.0, 0.25, 0.75], [0.6, 0.4, 0.0]])
inf = math.inf
far = trained([[1000.0, -1000.0, 0.0], [-500.0, 500.0, 500.0]])
x, y = wave((3, 4), 0.61, 0.3, 3), wave((3, 4), 0.83, 1.0, 2)
log_shares = lambda x: torch.log_softmax(x, -1)


def cross_entropy(**options):
    return lambda x, c, *w: F.cross_entropy(x, c.long(), *w, **options)


def channels_last(function):
    return lambda x, c, *w: function(x.movedim(-1, 1), c, *w)


def info_nce(q, k, negatives=None, temperature=0.1):
    q, k = F.normalize(q), F.normalize(k)
    if negatives is None:
        return F.cross_entropy(q @ k.T / temperature, torch.arange(len(q)))
    return F.cross_entropy(torch.cat([(q * k).sum(1, keepdim=True), q @ F.normalize(negatives).T], 1) / temperature, torch.zeros(len(q)).long())


def nt_xent(a, b):
    z = F.normalize(torch.cat([a, b]))
    scores = (z @ z.T / 0.5).masked_fill(torch.eye(len(z)).bool(), -inf)
    return F.cross_entropy(scores, torch.arange(len(z)).roll(len(a)))


def gaussian(mean, log_variance):
    normal = torch.distributions.Normal
    return torch.distributions.kl_divergence(normal(mean, (log_variance / 2).exp()), normal(torch.zeros_like(mean), torch.ones_like(mean)))


record("losses", [
    ("crossEntropy", cross_entropy(), [logits, classes]), ("crossEntropy, sum", cross_entropy(reduction="sum"), [logits, classes]), ("crossEntropy, none", cross_entropy(reduction="none"), [logits, classes]),
    ("crossEntropy, axis 1 of three", cross_entropy(), [deep, fixed([[0.0, 1.0, 2.0, 2.0], [1.0, 1.0, 0.0, 2.0]])]),
    ("crossEntropy, last axis of three", channels_last(cross_entropy()), [deep, fixed([[3.0, 1.0, 2.0], [1.0, 0.0, 3.0]])]),
    ("crossEntropy of one sample", cross_entropy(), [trained([0.5, -1.0, 2.0]), fixed(1.0)]), ("crossEntropy of one class", cross_entropy(), [trained([[3.0], [-2.0]]), fixed([0.0, 0.0])]),
    ("crossEntropy, smoothed", cross_entropy(label_smoothing=0.1), [logits, classes]), ("crossEntropy, weighted", cross_entropy(), [logits, classes, weights]),
    ("crossEntropy, weighted, smoothed, ignoring", cross_entropy(label_smoothing=0.2), [logits, ignored, weights]), ("crossEntropy, ignoring", cross_entropy(), [logits, ignored]),
    ("crossEntropy, weighted, smoothed, sum", cross_entropy(label_smoothing=0.2, reduction="sum"), [logits, ignored, weights]), ("crossEntropy, ignoring class 1, none", cross_entropy(ignore_index=1, reduction="none"), [logits, classes]),
    ("crossEntropy, ignoring all, sum", cross_entropy(reduction="sum"), [logits, fixed([-100.0] * 4)]), ("crossEntropy of far numbers", cross_entropy(reduction="none"), [far, fixed([1.0, 2.0])]),
    ("crossEntropy with a class ruled out", cross_entropy(), [trained([[1.0, -inf, 2.0], [-inf, 0.5, 1.0]]), fixed([0.0, 2.0])]),
    ("distributionCrossEntropy", F.cross_entropy, [logits, shares]), ("distributionCrossEntropy, weighted, smoothed", lambda x, s, w: F.cross_entropy(x, s, w, label_smoothing=0.1), [logits, shares, weights]),
    ("distributionCrossEntropy to a prediction", lambda x, t: F.cross_entropy(x, torch.softmax(t, 1), reduction="none"), [logits, wave((4, 3), 0.9)]),
    ("binaryCrossEntropy", F.binary_cross_entropy_with_logits, [x, fixed([[0.0, 1.0, 0.25, 1.0], [1.0, 1.0, 0.0, 0.0], [0.5, 0.0, 1.0, 0.0]])]),
    ("binaryCrossEntropy of far numbers", lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction="none"), [trained([-1000.0, -1000.0, -20.0, 20.0, 1000.0, 1000.0, 0.0]), fixed([0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0])]),
    ("binaryCrossEntropy, weighted", lambda x, t, w, p: F.binary_cross_entropy_with_logits(x, t, w, pos_weight=p, reduction="sum"), [x, fixed([[0.0, 1.0, 0.25, 1.0], [1.0, 1.0, 0.0, 0.0], [0.5, 0.0, 1.0, 0.0]]), fixed([[1.0], [0.5], [3.0]]), fixed([1.0, 2.0, 0.5, 4.0])]),
    ("squaredError", F.mse_loss, [x, y]), ("squaredError, none", lambda a, b: F.mse_loss(a, b, reduction="none"), [x, y]), ("absoluteError", F.l1_loss, [x, y]),
    ("absoluteError of equal numbers", F.l1_loss, [trained([1.0, 2.0]), trained([1.0, 3.0])]),
    ("huber", F.huber_loss, [x, y]), ("huber, delta 0.5, none", lambda a, b: F.huber_loss(a, b, reduction="none", delta=0.5), [x, y]),
    ("smoothL1", F.smooth_l1_loss, [x, y]), ("smoothL1, delta 2, sum", lambda a, b: F.smooth_l1_loss(a, b, reduction="sum", beta=2.0), [x, y]),
    ("smoothL1 at its kinks", lambda a, b: F.smooth_l1_loss(a, b, reduction="none"), [trained([-2.0, -1.0, 0.0, 1.0, 3.0]), trained([0.0] * 5)]),
    ("cosineSimilarity", lambda a, b: F.cosine_similarity(a, b, -1), [x, y]), ("cosineSimilarity over the first axis, broadcast", lambda a, b: F.cosine_similarity(a, b, 0), [x, wave((3, 1), 0.4, 1)]),
    ("cosineSimilarity of zeros", lambda a, b: F.cosine_similarity(a, b, -1), [fixed([[0.0, 0.0], [1.0, 2.0]]), fixed([[1.0, 1.0], [0.0, 0.0]])]),
    ("unitRows", F.normalize, [x]), ("unitRows of zeros", F.normalize, [fixed([[0.0, 0.0], [3.0, 4.0]])]),
    ("infoNce", info_nce, [x, y]), ("infoNce with negatives", info_nce, [x, y, wave((5, 4), 0.77)]), ("ntXent", nt_xent, [x, y]),
    ("klDivergence", lambda x, s: F.kl_div(log_shares(x), s, reduction="sum"), [logits, shares]), ("klDivergence, mean", lambda x, s: F.kl_div(log_shares(x), s, reduction="mean"), [logits, shares]),
    ("klDivergence of two predictions", lambda x, t: F.kl_div(log_shares(x), torch.softmax(t, -1), reduction="none"), [x, y]),
    ("gaussianDivergence", lambda m, v: gaussian(m, v).mean(), [x, y]), ("gaussianDivergence of the standard one", gaussian, [trained([0.0]), trained([0.0])]),
])
