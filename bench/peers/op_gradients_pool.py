"""Recorded values of test/engine/pool.test.ts: pooling by PyTorch, float64."""
import torch.nn.functional as F
from recorded import record, trained, wave

ties = trained([[[1.0, 2.0, 2.0, -1.0, 2.0, 2.0, 2.0]]])

record("pool", [
    ("maxPool1d of ties", lambda x: F.max_pool1d(x, 3, 1, 1), [ties]),
    ("maxPool1d, dilated", lambda x: F.max_pool1d(x, 3, 2, 1, 2), [wave((2, 2, 9), 0.7)]),
    ("maxPool2d of ties", lambda x: F.max_pool2d(x, 2, 1), [trained([[[[1.0, 2.0, 2.0], [2.0, 1.0, 2.0], [0.0, 2.0, 2.0]]]])]),
    ("maxPool2d, 3, stride 2, padding 1", lambda x: F.max_pool2d(x, 3, 2, 1), [wave((2, 2, 5, 6), 0.7)]),
    ("maxPool3d", lambda x: F.max_pool3d(x, (2, 3, 2), (1, 2, 2), (0, 1, 1)), [wave((1, 2, 3, 4, 3), 0.7)]),
    ("avgPool1d, padding", lambda x: F.avg_pool1d(x, 3, 2, 1), [wave((2, 2, 7), 0.7)]),
    ("avgPool2d, padding not counted", lambda x: F.avg_pool2d(x, (3, 2), (1, 2), (1, 1), count_include_pad=False), [wave((1, 2, 4, 5), 0.7)]),
    ("avgPool3d", lambda x: F.avg_pool3d(x, (1, 2, 2)), [wave((1, 2, 2, 5, 4), 0.7)]),
    ("adaptiveAvgPool1d", lambda x: F.adaptive_avg_pool1d(x, 3), [wave((2, 2, 7), 0.7)]),
    ("adaptiveAvgPool2d", lambda x: F.adaptive_avg_pool2d(x, (4, 2)), [wave((1, 2, 3, 5), 0.7)]),
    ("adaptiveAvgPool3d", lambda x: F.adaptive_avg_pool3d(x, (1, 2, 3)), [wave((1, 2, 2, 3, 4), 0.7)]),
])
