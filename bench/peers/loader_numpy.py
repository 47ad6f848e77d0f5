"""numpy with everything in memory, no loader around it: as it is usually written, and as quick as we could make it."""
import os, time
import numpy as np
from loader_work import BATCH, FRAMES, moved

class Numpy:
    ordered = True

    def __init__(self, work, best):
        self.work, self.version = work, f'numpy {np.__version__}'
        self.span = np.arange(FRAMES)
        # clips of fewer frames than a window repeat their last one: then every window lies in one piece, and overlapping views need one index per sample
        longer = np.maximum(work.frames, FRAMES)
        first = np.concatenate([[0], np.cumsum(longer)[:-1]])
        within = np.arange(longer.sum()) - np.repeat(first, longer)
        self.padded = work.keypoints[np.repeat(work.offsets, longer) + np.minimum(within, np.repeat(work.frames, longer) - 1)]
        self.first = first[work.rows] + work.starts
        self.windows = np.lib.stride_tricks.sliding_window_view(self.padded.reshape(-1), FRAMES * 39)[::39]
        self.choices = [(self.gather, 1), (self.take, 1), (self.slide, 1), (self.take, 8), (self.slide, 8), (self.slide, 32)]
        (self.make, self.ahead) = self.choices[0] if not best else min(self.choices, key=self.seconds)
        self.settings = f'{self.make.__name__}, {self.ahead} batches at once'

    def seconds(self, choice):
        self.make, self.ahead = choice
        def once():
            start = time.perf_counter()
            for _ in self.batches(1): pass
            return time.perf_counter() - start
        return min(once() for _ in range(5))

    def gather(self, samples):
        """The usual way: one index per frame, clamped to the clip."""
        work = self.work
        rows, starts = work.rows[samples], work.starts[samples]
        return work.keypoints[work.offsets[rows][:, None] + np.minimum(starts[:, None] + self.span, work.frames[rows][:, None] - 1)]

    def take(self, samples):
        return np.take(self.padded, self.first[samples][:, None] + self.span, axis=0)

    def slide(self, samples):
        return self.windows[self.first[samples]].reshape(-1, FRAMES, 13, 3)

    def batches(self, times):
        work, step, plain = self.work, BATCH * self.ahead, self.work.kind == 'keypoints'
        for _ in range(times):
            for start in range(0, work.samples, step):
                samples = slice(start, start + step)
                made = self.make(samples)
                if not plain: made = work.augmented(made, samples)
                if self.ahead == 1: yield made
                else:
                    for at in range(0, len(made), BATCH): yield made[at:at + BATCH]

class Steps(Numpy):
    """What Posetta's steps give one after the other, each rounded to float32: the reference for its bits. Not timed."""
    def __init__(self, work):
        super().__init__(work, best=False)
        self.settings = 'each step rounded'
        self.steps = np.fromfile(os.path.join(work.folder, 'steps.f64'), np.float64).reshape(-1, 4, 6)

    def batches(self, times):
        for start in range(0, self.work.samples, BATCH):
            samples = slice(start, start + BATCH)
            batch, mirrored = self.gather(samples), self.work.mirrored[samples]
            batch[mirrored] = batch[mirrored][:, :, self.work.mirror]
            for step in range(4): batch = moved(batch, *self.steps[samples, step].T[:, :, None, None])
            yield batch
