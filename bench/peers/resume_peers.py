"""Rivals of bench/loader.ts that go on in the middle of the fourth epoch of CLIPS clips: python resume_peers.py FOLDER CLIPS RIVAL build|before|resume.

Clip n is [4, 13, 3]: 0, 1, 2, ..., every third number 1, and n / 1024 in the first place (bench/loader/many.ts). A batch is 8 clips of 32 frames, the last frame held.
`build` writes the files; `before` hands out six batches from five before it on, without a resume at the one that is asked for, and leaves the state to resume from; `resume` goes on at
it. Both print JSON: the rows and sha256 of that batch, `exact` = its joints are those of its clips, and the milliseconds until it was there, imports apart.
    torch          Dataset over one .npy, mapped; DataLoader with torch's RandomSampler, seeded by the epoch; batches before are iterated over, as there is no state
    torch-indices  the same; only the indices before are skipped, by a sampler of one's own
    mosaicml       StreamingDataset, its shuffle, StreamingDataLoader.load_state_dict
    huggingface    IterableDataset of 1,000 shards, their order shuffled and nothing else, since its buffer for shuffling is not restored; load_state_dict
"""
import hashlib, itertools, json, os, sys, time, warnings
warnings.filterwarnings('ignore')
import numpy as np
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler
import torch

BATCH, FRAMES, EPOCH = 8, 32, 3
folder, clips, name, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
middle = clips // 2 // BATCH * BATCH
path = lambda *parts: os.path.join(folder, *parts)

def joints(rows):
    """[N, 4, 13, 3] as they are written."""
    clip = np.arange(4 * 13 * 3, dtype=np.float32)
    clip[2::3] = 1
    out = np.repeat(clip[None], len(rows), 0)
    out[:, 0] = np.asarray(rows) / 1024
    return out.reshape(-1, 4, 13, 3)

def held(clip): return np.concatenate([clip, np.repeat(clip[-1:], FRAMES - len(clip), 0)])
def stacked(samples): return [row for row, _ in samples], np.stack([window for _, window in samples])

class Clips(Dataset):
    def __init__(self): self.clips = np.load(path('clips.npy'), mmap_mode='r')
    def __len__(self): return len(self.clips)
    def __getitem__(self, row): return row, held(self.clips[row])

class Torch:
    def build(self): np.save(path('clips.npy'), np.concatenate([joints(np.arange(at, min(clips, at + 10_000))) for at in range(0, clips, 10_000)]))
    def sampler(self, data): return BatchSampler(RandomSampler(data, generator=torch.Generator().manual_seed(EPOCH)), BATCH, drop_last=False)
    def batches(self, skipped):
        data = Clips()
        yield from itertools.islice(DataLoader(data, batch_sampler=self.sampler(data), collate_fn=stacked), skipped // BATCH, None)

class TorchIndices(Torch):
    def batches(self, skipped):
        data = Clips()
        yield from DataLoader(data, batch_sampler=list(itertools.islice(self.sampler(data), skipped // BATCH, None)), collate_fn=stacked)

class MosaicML:
    def __init__(self):
        global streaming
        import streaming
    def build(self):
        with streaming.MDSWriter(out=path('mds'), columns={'row': 'int', 'keypoints': 'ndarray:float32:4,13,3'}) as writer:
            for at in range(0, clips, 10_000):
                for row, clip in enumerate(joints(np.arange(at, min(clips, at + 10_000))), at): writer.write({'row': row, 'keypoints': clip})
    def batches(self, skipped):
        class Windows(streaming.StreamingDataset):
            def __getitem__(self, at):
                clip = super().__getitem__(at)
                return clip['row'], held(clip['keypoints'])
        data = Windows(local=path('mds'), shuffle=True, shuffle_seed=2026, batch_size=BATCH, num_canonical_nodes=1)
        loader = streaming.StreamingDataLoader(data, batch_size=BATCH, collate_fn=stacked)
        loader.load_state_dict({'epoch': EPOCH, 'sample_in_epoch': skipped, 'num_canonical_nodes': 1, 'shuffle_seed': 2026, 'initial_physical_nodes': 1})
        yield from loader

class HuggingFace:
    def __init__(self):
        global datasets
        import datasets
    def build(self):
        def rows():
            for at in range(0, clips, 10_000):
                for row, clip in enumerate(joints(np.arange(at, min(clips, at + 10_000))), at): yield {'row': row, 'keypoints': clip.tobytes()}
        datasets.Dataset.from_generator(rows, cache_dir=path('hf-cache'), features=datasets.Features({'row': datasets.Value('int64'), 'keypoints': datasets.Value('binary')})).save_to_disk(path('huggingface'))
    def data(self):
        data = datasets.load_from_disk(path('huggingface')).to_iterable_dataset(num_shards=min(1000, clips)).shuffle(seed=2026, buffer_size=1)
        data.set_epoch(EPOCH)
        return data
    def batches(self, skipped):
        data, state = self.data(), path(f'huggingface-{skipped}.json')
        if not os.path.exists(state): # written by the uninterrupted run, once
            for seen, _ in enumerate(data, 1):
                if seen == skipped: break
            with open(state, 'w') as file: json.dump(data.state_dict(), file)
            data = self.data()
        data.load_state_dict(json.load(open(state)))
        read = ((clip['row'], held(np.frombuffer(clip['keypoints'], np.float32).reshape(4, 13, 3))) for clip in data)
        while samples := list(itertools.islice(read, BATCH)): yield stacked(samples)

rival = {'torch': Torch, 'torch-indices': TorchIndices, 'mosaicml': MosaicML, 'huggingface': HuggingFace}[name]()
if mode == 'build': rival.build()
else:
    ahead = 5 if mode == 'before' else 0
    start = time.perf_counter()
    batches = rival.batches(middle - ahead * BATCH)
    first = next(batches)
    milliseconds = (time.perf_counter() - start) * 1000
    rows, windows = next(itertools.islice(batches, ahead - 1, None)) if ahead else first
    exact = windows.shape == (BATCH, FRAMES, 13, 3) and all(np.array_equal(window, held(clip)) for window, clip in zip(windows, joints(rows)))
    answer = {'rows': [int(row) for row in rows], 'hash': hashlib.sha256(windows.tobytes()).hexdigest(), 'exact': bool(exact), 'firstMs': milliseconds}
    print(json.dumps(answer), flush=True)
    os._exit(0) # what libraries do at their end is not counted
