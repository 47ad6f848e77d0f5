"""Rivals of bench/frames.ts, which runs this: torch DataLoader over Pillow and over torchvision; and its reference, bilinear interpolation in numpy.

    python bench/peers/frames_peers.py FOLDER reference|SECONDS
"""
import json
import os
import sys
import time
from pathlib import Path

import io
import numpy as np
from PIL import Image

folder = Path(sys.argv[1])
facts = json.loads((folder / 'pack.json').read_text())
offsets, side, batch, mean, std = (facts[name] for name in ('offsets', 'side', 'batch', 'mean', 'std'))
count = len(offsets) - 1


def read(index):
    with open(folder / 'pack.bin', 'rb') as pack:
        pack.seek(offsets[index])
        return pack.read(offsets[index + 1] - offsets[index])


def bilinear(picture):
    """Continuous coordinates, pixel centres at .5, the edge repeated; no prefilter."""
    height, width, _ = picture.shape

    def taps(extent):
        at = np.clip((np.arange(side) + 0.5) * extent / side - 0.5, 0, extent - 1)
        low = np.floor(at).astype(int)
        return low, np.minimum(low + 1, extent - 1), at - low

    top, bottom, down = taps(height)
    left, right, across = taps(width)
    value = picture.astype(np.float64)
    rows = value[top] * (1 - down)[:, None, None] + value[bottom] * down[:, None, None]
    return rows[:, left] * (1 - across)[None, :, None] + rows[:, right] * across[None, :, None]


def decoded(index):
    return np.array(Image.open(io.BytesIO(read(index))).convert('RGB'))


if sys.argv[2] == 'reference':
    np.stack([bilinear(decoded(index)) for index in range(16)]).astype('<f4').tofile(folder / 'reference.f32')
    # what docs/frames.md calls antialias: a step of 480 / 224 px is two or more, one of 270 / 224 is not
    pairs = [decoded(index).reshape(270, 240, 2, 3).mean(axis=2) for index in range(16)]
    np.stack([bilinear(np.floor(picture + 0.5)) for picture in pairs]).astype('<f4').tofile(folder / 'reference-antialias.f32')
    sys.exit()

import torch
import torchvision
from torchvision.io import ImageReadMode, decode_jpeg
from torchvision.transforms.v2 import functional

torch.set_num_threads(1)
means, deviations = (torch.tensor(share).view(3, 1, 1) for share in (mean, std))


class Frames(torch.utils.data.Dataset):
    def __init__(self, library, floats):
        self.library, self.floats = library, floats

    def __len__(self):
        return 1 << 20

    def __getitem__(self, index):
        file = read(index % count)
        if self.library == 'Pillow':
            picture = Image.open(io.BytesIO(file)).convert('RGB').resize((side, side), Image.BILINEAR)
            if not self.floats:
                return torch.from_numpy(np.array(picture))
            return (torch.from_numpy(np.array(picture)).permute(2, 0, 1).float().div_(255) - means) / deviations
        data = torch.frombuffer(bytearray(file), dtype=torch.uint8)
        picture = functional.resize(decode_jpeg(data, mode=ImageReadMode.RGB), [side, side], antialias='antialias' in self.library)
        return functional.normalize(functional.to_dtype(picture, torch.float32, scale=True), mean, std) if self.floats else picture


def cpu_seconds(rounds):
    """Of this process and of the loader's workers; Linux tells them."""
    used = time.process_time()
    for worker in getattr(rounds, '_workers', []):
        fields = Path(f'/proc/{worker.pid}/stat').read_text().rsplit(')', 1)[1].split()
        used += (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
    return used


reference = np.fromfile(folder / 'reference.f32', '<f4').reshape(16, side, side, 3)
seconds = float(sys.argv[2])
for library in ('Pillow', 'torchvision bilinear', 'torchvision antialias'):
    for floats in (False, True):
        data = Frames(library, floats)
        first = np.stack([data[index].numpy() for index in range(16)])
        if first.shape[1] == 3:
            first = first.transpose(0, 2, 3, 1)
        levels = 255 * (first * std + mean) if floats else first
        off = np.abs(levels - reference)
        if off.mean() > (1.2 if 'bilinear' in library else 12):
            sys.exit(f'{library}: not the reference pictures: {off.mean()}')
        for workers in (0, 2):
            loader = torch.utils.data.DataLoader(data, batch_size=batch, num_workers=workers, persistent_workers=workers > 0)
            rounds = iter(loader)
            for _ in range(8):
                next(rounds)
            start, cpu, made = time.perf_counter(), cpu_seconds(rounds), 0
            while time.perf_counter() - start < seconds:
                made += len(next(rounds))
            rate, cpu = made / (time.perf_counter() - start), (cpu_seconds(rounds) - cpu) / made
            print(json.dumps({'library': f'torch DataLoader + {library}', 'torch': torch.__version__, 'torchvision': torchvision.__version__, 'product': 'floats' if floats else 'bytes', 'workers': workers,
                              'picturesPerSecond': round(rate), 'cpuMs': round(1000 * cpu, 3), 'off': {'mean': float(off.mean()), 'greatest': float(off.max())}}), flush=True)
            del rounds, loader
