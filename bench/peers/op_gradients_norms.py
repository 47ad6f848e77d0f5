"""Recorded values of test/engine/norms.test.ts: normalisations by PyTorch, float64."""
import torch, torch.nn.functional as F
from recorded import fixed, record, trained, wave

gain, bias = trained([0.5, 1.25, -2.0]), trained([-0.25, 0.0, 0.75])
mean, variance = fixed([0.1, -0.2, 0.3]), fixed([0.9, 1.5, 2.0])


def batch_norm(momentum, epsilon=1e-5, batches=0):
    """y and the running statistics after it; momentum None = the average of all batches."""
    def function(x, gain, bias, mean, variance):
        norm = torch.nn.BatchNorm1d(3, eps=epsilon, momentum=momentum) if x.dim() < 4 else torch.nn.BatchNorm2d(3, eps=epsilon, momentum=momentum) if x.dim() == 4 else torch.nn.BatchNorm3d(3, eps=epsilon, momentum=momentum)
        norm.running_mean, norm.running_var, norm.num_batches_tracked = mean.clone(), variance.clone(), torch.tensor(batches)
        norm.weight, norm.bias = None, None
        y = torch.func.functional_call(norm, {}, (x,))
        shape = [1, 3] + [1] * (x.dim() - 2)
        return y * gain.reshape(shape) + bias.reshape(shape), norm.running_mean, norm.running_var, norm.num_batches_tracked.double()
    return function


def evaluated(x, gain, bias, mean, variance):
    return F.batch_norm(x, mean, variance, gain, bias, False, 0.1, 1e-3)


record("norms", [
    ("batchNorm of [4, 3]", batch_norm(0.1), [wave((4, 3), 0.7), gain, bias, mean, variance]),
    ("batchNorm of [2, 3, 5], momentum 0.3", batch_norm(0.3), [wave((2, 3, 5), 0.7, 1), gain, bias, mean, variance]),
    ("batchNorm of [2, 3, 2, 3], epsilon 0.01", batch_norm(0.1, 0.01), [wave((2, 3, 2, 3), 0.7, 2), gain, bias, mean, variance]),
    ("batchNorm of [2, 3, 2, 1, 3], the average of all batches, the fifth", batch_norm(None, 1e-5, 4), [wave((2, 3, 2, 1, 3), 0.7, 3), gain, bias, mean, variance]),
    ("batchNorm without gain and bias", lambda x: F.batch_norm(x, None, None, training=True), [wave((4, 3), 0.9)]),
    ("batchNorm of numbers far from 0", lambda x: F.batch_norm(x, None, None, training=True), [trained([[1000.5], [1001.0], [1002.25], [998.0]])]),
    ("batchNorm of one value everywhere", lambda x: F.batch_norm(x, None, None, training=True), [trained([[2.0], [2.0], [2.0]])]),
    ("batchNorm, evaluating", evaluated, [wave((2, 3, 4), 0.7), gain, bias, mean, variance]),
    ("batchNorm, evaluating, without gain and bias", lambda x, m, v: F.batch_norm(x, m, v), [wave((2, 3, 4), 0.7), mean, variance]),
    ("groupNorm, 3 groups of 2", lambda x, g, b: F.group_norm(x, 3, g, b), [wave((2, 6, 4), 0.7), wave((6,), 0.8, 1), wave((6,), 0.9)]),
    ("groupNorm, 1 group of [2, 3]", lambda x, g, b: F.group_norm(x, 1, g, b, 0.1), [wave((2, 3), 0.7), gain, bias]),
    ("instanceNorm", lambda x: F.instance_norm(x), [wave((2, 3, 2, 3), 0.7)]),
    ("instanceNorm with gain and bias", lambda x, g, b: F.instance_norm(x, weight=g, bias=b), [wave((2, 3, 4), 0.7), gain, bias]),
    ("layerNorm over one axis", lambda x, g, b: F.layer_norm(x, (3,), g, b), [wave((2, 4, 3), 0.7), gain, bias]),
    ("layerNorm over two axes", lambda x, g, b: F.layer_norm(x, (4, 3), g, b, 1e-3), [wave((2, 4, 3), 0.7), wave((4, 3), 0.8, 1), wave((4, 3), 0.9)]),
    ("rmsNorm over one axis", lambda x, g: F.rms_norm(x, (3,), g, 1e-6), [wave((2, 4, 3), 0.7), gain]),
    ("rmsNorm over all axes", lambda x, g: F.rms_norm(x, (2, 3), g, 0.1), [wave((2, 3), 0.7), wave((2, 3), 0.8, 1)]),
])
