"""torch.utils.data.DataLoader over a PYSKL pickle and over HDF5: a map-style dataset and our order as its batch sampler."""
import os, pickle
import h5py, numpy as np, torch
from torch.utils.data import DataLoader, Dataset
from loader_work import BATCH, FRAMES

class Order:
    """Batches of sample numbers, `times` times over."""
    def __init__(self, samples): self.samples, self.times = samples, 1
    def __iter__(self):
        for _ in range(self.times):
            for start in range(0, self.samples, BATCH): yield list(range(start, min(start + BATCH, self.samples)))
    def __len__(self): return -(-self.samples // BATCH) * self.times

def options(workers):
    """What was quickest: with workers, arrays go through the pipe and become tensors here (44,000 clips/s; 11,000 as tensors, each with a file descriptor), whatever prefetch_factor
    of 2, 8, 32; stacked by numpy (113,000 without workers; 81,000 by the default collate)."""
    return {'collate_fn': np.stack, 'num_workers': workers, **({'prefetch_factor': 8, 'persistent_workers': True} if workers > 0 else {})}

def version_of(name, module): return f'{name} {module.__version__}, torch {torch.__version__}'

class Loaded:
    """A map-style dataset in our order."""
    ordered = True

    def __init__(self, dataset, work, workers, version=f'torch {torch.__version__}', settings=''):
        self.order = Order(work.samples)
        self.loader = DataLoader(dataset, batch_sampler=self.order, **options(workers))
        self.version, self.settings = version, f'{settings}{workers} workers'

    def batches(self, times):
        self.order.times = times
        for batch in self.loader: yield torch.from_numpy(batch)

class PysklPickle(Dataset):
    """One pickle, all of it in memory: keypoint [1, T, 13, 2] and keypoint_score [1, T, 13] of each clip."""
    def __init__(self, work):
        self.work, path = work, os.path.join(work.folder, 'pyskl.pkl')
        if not os.path.exists(path):
            clips = [work.clip(row)[None] for row in range(work.clips)]
            annotations = [{'frame_dir': str(row), 'label': 0, 'total_frames': clip.shape[1], 'keypoint': clip[..., :2].copy(), 'keypoint_score': clip[..., 2].copy()}
                for row, clip in enumerate(clips)]
            with open(path, 'wb') as file: pickle.dump({'split': {'train': [str(row) for row in range(work.clips)]}, 'annotations': annotations}, file)
        with open(path, 'rb') as file: self.annotations = pickle.load(file)['annotations']

    def __getitem__(self, sample):
        work, clip, start = self.work, self.annotations[self.work.rows[sample]], self.work.starts[sample]
        points, scores = clip['keypoint'][0, start:start + FRAMES], clip['keypoint_score'][0, start:start + FRAMES]
        out = np.empty((FRAMES, 13, 3), np.float32)
        out[:len(points), :, :2], out[:len(points), :, 2] = points, scores
        out[len(points):] = out[len(points) - 1]
        return work.finished(out, sample)

class Hdf5(Dataset):
    """One contiguous dataset, the rows of a window read; opened in the process that reads."""
    def __init__(self, work):
        self.work, self.path, self.keypoints = work, os.path.join(work.folder, 'clips.h5'), None
        if not os.path.exists(self.path):
            with h5py.File(self.path, 'w') as file: file.create_dataset('keypoints', data=work.keypoints)

    def __getitem__(self, sample):
        if self.keypoints is None: self.keypoints = h5py.File(self.path, 'r')['keypoints']
        work, row = self.work, self.work.rows[sample]
        begin, end = work.offsets[row] + work.starts[sample], work.offsets[row] + work.frames[row]
        return work.finished(work.filled(self.keypoints[begin:min(begin + FRAMES, end)]), sample)

    def __getstate__(self): return {**self.__dict__, 'keypoints': None}
