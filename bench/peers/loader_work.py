"""The work of bench/loader.ts as its rivals see it: clips, and which windows of them make the batches, in files that bench/loader/work.ts wrote.

    keypoints.f32 [all frames, 13, 3] clip after clip, absent joints 0    frames.i32 [clips] frames of each
    samples.i32   [samples, 2] clip, first frame of its window            mirrored.i32 [samples] 1 where left and right joints change places
    maps.f64      [samples, 6] xx xy dx yx yy dy: x' = xx x + xy y + dx   steps.f64 [samples, 4, 6] the same as flip, rotate, scale, translate one after the other
"""
import hashlib, json, os
import numpy as np

BATCH, FRAMES = 8, 32

class Work:
    def __init__(self, folder, kind):
        path = lambda name: os.path.join(folder, name)
        self.folder, self.kind, self.mirror = folder, kind, np.array(json.load(open(path('mirror.json'))))
        self.keypoints = np.fromfile(path('keypoints.f32'), np.float32).reshape(-1, 13, 3)
        self.frames = np.fromfile(path('frames.i32'), np.int32).astype(np.int64)
        self.offsets = np.concatenate([[0], np.cumsum(self.frames)[:-1]])
        samples = np.fromfile(path('samples.i32'), np.int32).reshape(-1, 2).astype(np.int64)
        self.rows, self.starts = samples[:, 0].copy(), samples[:, 1].copy()
        self.mirrored = np.fromfile(path('mirrored.i32'), np.int32) == 1
        self.maps = np.fromfile(path('maps.f64'), np.float64).reshape(-1, 6)
        self.clips, self.samples, self.epochs = len(self.frames), len(samples), len(samples) // len(self.frames)
        # where a rival keeps an order of its own: the sample of a clip in an epoch, since each epoch has every clip once
        self.of_row = np.empty((self.epochs, self.clips), np.int64)
        for epoch in range(self.epochs):
            order = self.rows[epoch * self.clips:(epoch + 1) * self.clips]
            self.of_row[epoch, order] = np.arange(epoch * self.clips, (epoch + 1) * self.clips)

    def clip(self, row):
        """[T, 13, 3] of a clip: a view."""
        return self.keypoints[self.offsets[row]:self.offsets[row] + self.frames[row]]

    def window(self, clip, sample):
        """A sample of a whole clip in memory."""
        start = self.starts[sample]
        return self.finished(self.filled(clip[start:start + FRAMES]), sample)

    def filled(self, cut):
        """[32, 13, 3]: the last frame repeated where there are fewer."""
        return cut if len(cut) == FRAMES else np.concatenate([cut, np.repeat(cut[-1:], FRAMES - len(cut), 0)])

    def finished(self, window, sample):
        return window if self.kind == 'keypoints' else self.augmented(window[None], slice(sample, sample + 1))[0]

    def augmented(self, batch, samples):
        """Mirrored and moved: doubles, rounded once."""
        mirrored, (xx, xy, dx, yx, yy, dy) = self.mirrored[samples], self.maps[samples].T[:, :, None, None]
        if mirrored.any(): batch = np.where(mirrored[:, None, None, None], batch[:, :, self.mirror], batch)
        return moved(batch, xx, xy, dx, yx, yy, dy)

def moved(batch, xx, xy, dx, yx, yy, dy):
    """[B, 32, 13, 3] by maps [B, 1, 1]; absent joints, of confidence 0, stay 0."""
    out = np.empty(batch.shape, np.float32)
    x, y, seen = batch[..., 0].astype(np.float64), batch[..., 1].astype(np.float64), batch[..., 2]
    out[..., 0], out[..., 1], out[..., 2] = xx * x + xy * y + dx, yx * x + yy * y + dy, seen
    out[seen == 0] = 0
    return out

def fingerprint(batches):
    """sha256 of all batches in order, and the sum of what sha256 says of each sample: the same in whatever order. Every NaN counts as one and the same."""
    whole, total, count = hashlib.sha256(), 0, 0
    for batch in batches:
        batch = np.ascontiguousarray(np.asarray(batch), np.float32)
        if batch.shape[1:] != (FRAMES, 13, 3): raise ValueError(f'a batch of shape {batch.shape}')
        batch = np.where(np.isnan(batch), np.float32('nan'), batch)
        whole.update(batch.tobytes())
        for sample in batch: total += int.from_bytes(hashlib.sha256(sample.tobytes()).digest()[:6], 'big')
        count += len(batch)
    return {'hash': whole.hexdigest(), 'sum': str(total), 'samples': count}
