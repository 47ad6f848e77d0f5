"""Contenders of bench/stream.ts: python stream_peers.py FOLDER WHO. Answers lines of stdin as loader_peers.py does; the seconds of a pass begin with its first batch, when all is started.

WHO is `posetta`: python/posetta_stream.py, the batches of a process of its own off a pipe; `torch N`: a DataLoader with N workers over clips in memory, maps drawn as outer products of torch, without
mask, time, length and ids, which posetta has beside; `reference`: what is in reference.f32. Values within `tolerance` of the reference's count as these: exponentials differ in the last bits.
    work.json {kind, batch, frames, joints, size, sigma, tolerance, repeat: epochs a pass is made of, arguments}   points.f32 [clips, frames, joints, 3] px of the map   order.i32 [clips]   reference.f32 an epoch of batches
"""
import hashlib, json, os, sys, time, warnings
import numpy as np, torch
from torch.utils.data import DataLoader, Dataset
warnings.filterwarnings('ignore')

folder, who, workers = sys.argv[1], sys.argv[2], int((sys.argv[3:] or ['0'])[0])
work = json.load(open(os.path.join(folder, 'work.json')))
read = lambda name, dtype: np.fromfile(os.path.join(folder, name), dtype)
points = read('points.f32', np.float32).reshape(-1, work['frames'], work['joints'], 3)
order = read('order.i32', np.int32)
shape = (work['frames'], work['joints'], *((work['size'],) * 2 if work['kind'] == 'heatmaps' else (3,)))
reference = np.memmap(os.path.join(folder, 'reference.f32'), np.float32, 'r').reshape(-1, work['batch'], *shape)
torch.set_flush_denormal(True)

class Clips(Dataset):
    def __init__(self): self.grid = torch.arange(work['size'], dtype=torch.float32)
    def __len__(self): return len(points)
    def __getitem__(self, clip):
        if work['kind'] == 'joints': return torch.from_numpy(points[clip])
        x, y = (torch.from_numpy(np.ascontiguousarray(points[clip, :, :, axis]))[..., None] for axis in (0, 1))
        column, row = ((self.grid - at).square_().mul_(-1 / (2 * work['sigma'] ** 2)).exp_() for at in (x, y))
        return row[..., :, None] * column[..., None, :]

class Repeated:
    """The order of the first epoch, `times` times over."""
    times = 1
    def __iter__(self):
        for _ in range(self.times):
            for start in range(0, len(order), work['batch']): yield order[start:start + work['batch']].tolist()
    def __len__(self): return len(order) // work['batch'] * self.times

class Torch:
    settings = f'clips in memory, {workers} workers'
    def __init__(self):
        self.order = Repeated()
        self.loader = DataLoader(Clips(), batch_sampler=self.order, num_workers=workers, **({'persistent_workers': True, 'prefetch_factor': 4} if workers > 0 else {}))
    def batches(self, times):
        self.order.times = times
        yield from self.loader

class Posetta:
    settings = 'posetta_stream.py off a pipe'
    def batches(self, times):
        sys.path.insert(0, 'python')
        from posetta_stream import PosettaStream
        name = 'points' if work['kind'] == 'joints' else 'heatmaps'
        for batch in PosettaStream([*work['arguments'], '--epochs', str(times)]): yield batch[name].reshape(-1, *shape)

class Reference:
    settings = 'of the loader in its own process'
    def batches(self, times): yield from (torch.from_numpy(np.array(batch)) for batch in reference)

def fingerprint(batches):
    whole, total, samples = hashlib.sha256(), 0, 0
    for number, batch in enumerate(batches):
        made, expected = batch.numpy(), reference[number]
        made = np.where(np.abs(made - expected) <= work['tolerance'], expected, made)
        whole.update(made.tobytes())
        for sample in made: total += int.from_bytes(hashlib.sha256(sample.tobytes()).digest()[:6], 'big')
        samples += len(made)
    return {'hash': whole.hexdigest(), 'sum': str(total), 'samples': samples}

def seconds(batches):
    """As if all batches had come at the pace of those after the first."""
    next(batches)
    start, count = time.perf_counter(), 1
    for batch in batches: count += 1
    return (time.perf_counter() - start) * count / max(1, count - 1)

if __name__ == '__main__':
    contender = {'posetta': Posetta, 'torch': Torch, 'reference': Reference}[who]()
    say = lambda answer: print(json.dumps(answer), flush=True)
    say({'version': f'torch {torch.__version__}', 'settings': contender.settings, 'ordered': True})
    for line in sys.stdin:
        if line == 'hash\n': say(fingerprint(contender.batches(1)))
        else: say({'seconds': seconds(iter(contender.batches(int(line.split()[1]) * work['repeat']))) / work['repeat']})
