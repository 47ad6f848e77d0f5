"""Recorded values of test/engine/conv.test.ts: convolutions and their transposes by PyTorch, float64."""
import torch.nn.functional as F
from recorded import record, trained, wave


def padded(x, w, b):
    """Uneven padding, which PyTorch's own functions do not have: 2 before and 1 after the first axis, 0 and 3 of the second."""
    return F.conv2d(F.pad(x, (0, 3, 2, 1)), w, b, stride=(2, 1))


record("conv", [
    ("conv1d", lambda x, w: F.conv1d(x, w), [wave((2, 3, 6), 0.7), wave((2, 3, 3), 0.9, 1)]),
    ("conv1d, stride 2, dilation 3, padding 4", lambda x, w, b: F.conv1d(x, w, b, stride=2, dilation=3, padding=4), [wave((2, 2, 9), 0.7), wave((3, 2, 3), 0.9, 1), trained([0.5, -1.0, 0.25])]),
    ("conv1d, an even kernel, same", lambda x, w: F.conv1d(x, w, padding="same"), [wave((1, 2, 5), 0.7), wave((2, 2, 4), 0.9, 1)]),
    ("conv2d, bias, padding", lambda x, w, b: F.conv2d(x, w, b, padding=(1, 0)), [wave((2, 2, 4, 3), 0.7), wave((3, 2, 3, 2), 0.9, 1), trained([0.5, -1.0, 0.25])]),
    ("conv2d, 9 x 1", lambda x, w: F.conv2d(x, w, padding=(4, 0)), [wave((1, 2, 6, 3), 0.7), wave((2, 2, 9, 1), 0.9, 1)]),
    ("conv2d, 1 x 1, stride 2", lambda x, w: F.conv2d(x, w, stride=2), [wave((2, 3, 4, 3), 0.7), wave((2, 3, 1, 1), 0.9, 1)]),
    ("conv2d, uneven padding", padded, [wave((1, 2, 4, 3), 0.7), wave((2, 2, 3, 2), 0.9, 1), trained([0.5, -1.0])]),
    ("conv2d, 2 groups", lambda x, w, b: F.conv2d(x, w, b, padding=1, groups=2, stride=(1, 2)), [wave((2, 4, 3, 4), 0.7), wave((4, 2, 3, 3), 0.9, 1), trained([0.5, -1.0, 0.25, 2.0])]),
    ("conv2d, depthwise", lambda x, w: F.conv2d(x, w, padding="same", groups=3, dilation=2), [wave((1, 3, 4, 5), 0.7), wave((6, 1, 3, 2), 0.9, 1)]),
    ("conv3d, padding", lambda x, w, b: F.conv3d(x, w, b, padding=1), [wave((1, 2, 2, 3, 3), 0.7), wave((2, 2, 3, 3, 3), 0.9, 1), trained([0.5, -1.0])]),
    ("conv3d, stride, dilation", lambda x, w: F.conv3d(x, w, stride=(1, 2, 2), dilation=(2, 1, 2), padding=(1, 0, 1)), [wave((1, 2, 3, 4, 4), 0.7), wave((2, 2, 2, 2, 2), 0.9, 1)]),
    ("convTranspose1d", lambda x, w, b: F.conv_transpose1d(x, w, b, stride=3, padding=1, output_padding=2, dilation=2), [wave((2, 2, 4), 0.7), wave((2, 3, 3), 0.9, 1), trained([0.5, -1.0, 0.25])]),
    ("convTranspose2d", lambda x, w: F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=(1, 0), groups=2), [wave((1, 4, 3, 3), 0.7), wave((4, 1, 3, 2), 0.9, 1)]),
    ("convTranspose3d", lambda x, w: F.conv_transpose3d(x, w, stride=(1, 2, 2), padding=(1, 0, 1)), [wave((1, 2, 3, 2, 3), 0.7), wave((2, 2, 3, 2, 3), 0.9, 1)]),
])
