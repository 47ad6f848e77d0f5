"""Heatmaps [8, 32, 17, 64, 64] as PyTorch and numpy draw them: the rivals of bench/heatmaps.ts.

Points (float64 x, y on the grid, confidence 1) are read from a file. Answers a line on stdin, `NAME`, with the milliseconds of one batch; `dump NAME FILE` also writes what
was drawn. NAME is `torch 1`, `torch 2` (threads; separable, into a buffer that is kept), `numpy` (separable, into a buffer that is kept), or `loader 2`: a DataLoader with so
many workers whose data set draws one joint after the other in a window of 3 sigma, as the formula of PoseC3D reads, and which is asked for batches of 8 clips.
    python heatmaps_peers.py POINTS
"""
import sys, time
import numpy as np, torch

CLIPS, FRAMES, JOINTS, SIZE, SIGMA = 8, 32, 17, 64, 2.0
points = np.fromfile(sys.argv[1], dtype=np.float64).reshape(CLIPS * FRAMES * JOINTS, 3)
x32, y32 = points[:, 0:1].astype(np.float32), points[:, 1:2].astype(np.float32)
x, y, grid = torch.from_numpy(x32), torch.from_numpy(y32), torch.arange(SIZE, dtype=torch.float32)
# products of far tails would be denormal, which take a hundred times as long: 0 instead
torch.set_flush_denormal(True)
torch_out = torch.empty(CLIPS * FRAMES * JOINTS, SIZE, SIZE)
numpy_out = np.empty((CLIPS * FRAMES * JOINTS, SIZE, SIZE), dtype=np.float32)

def separable_torch():
    column = (grid - x).square_().mul_(-1 / (2 * SIGMA ** 2)).exp_()
    row = (grid - y).square_().mul_(-1 / (2 * SIGMA ** 2)).exp_()
    torch.mul(row[:, :, None], column[:, None, :], out=torch_out)
    return torch_out.numpy()

def separable_numpy():
    places, scale = np.arange(SIZE, dtype=np.float32), np.float32(-1 / (2 * SIGMA ** 2))
    column = np.exp((places - x32) ** 2 * scale)
    row = np.exp((places - y32) ** 2 * scale)
    np.multiply(row[:, :, None], column[:, None, :], out=numpy_out)
    return numpy_out

class Clips(torch.utils.data.Dataset):
    def __len__(self):
        return CLIPS * 6
    def __getitem__(self, index):
        maps = np.zeros((FRAMES, JOINTS, SIZE, SIZE), dtype=np.float32)
        mine = points.reshape(CLIPS, FRAMES, JOINTS, 3)[index % CLIPS]
        for frame in range(FRAMES):
            for joint in range(JOINTS):
                x, y, confidence = mine[frame, joint]
                left, right = max(int(x - 3 * SIGMA), 0), min(int(x + 3 * SIGMA) + 1, SIZE)
                top, bottom = max(int(y - 3 * SIGMA), 0), min(int(y + 3 * SIGMA) + 1, SIZE)
                if left >= right or top >= bottom:
                    continue
                patch = np.exp(-((np.arange(left, right) - x) ** 2 + (np.arange(top, bottom)[:, None] - y) ** 2) / (2 * SIGMA ** 2)) * confidence
                maps[frame, joint, top:bottom, left:right] = np.maximum(maps[frame, joint, top:bottom, left:right], patch)
        return maps

def batches(workers):
    """One batch after another, for ever; the workers stay."""
    loader = torch.utils.data.DataLoader(Clips(), batch_size=CLIPS, num_workers=workers, persistent_workers=True)
    while True:
        yield from loader

streams = {}

def draw(name, count):
    if name == 'numpy':
        return separable_numpy()
    if name == 'torch':
        torch.set_num_threads(count)
        return separable_torch()
    if count not in streams:
        streams[count] = batches(count)
        next(streams[count])
    return next(streams[count]).numpy()

def main():
    print(f'ready torch {torch.__version__}, numpy {np.__version__}', flush=True)
    for line in sys.stdin:
        words = line.split()
        dump = words.pop(0) == 'dump' if words[0] == 'dump' else False
        name, count = words[0], int(words[1]) if len(words) > 1 and words[1].isdigit() else 1
        # workers draw ahead: a single batch says nothing of their pace
        rounds = 6 if name == 'loader' else 1
        start = time.perf_counter()
        for _ in range(rounds):
            drawn = draw(name, count)
        milliseconds = (time.perf_counter() - start) * 1000 / rounds
        if dump:
            drawn.tofile(words[-1])
        print(milliseconds, flush=True)

if __name__ == '__main__':
    main()
