"""Loaders that bring a format of their own: WebDataset, MosaicML Streaming, Hugging Face datasets, LitData. All on the local disk, one clip a sample of theirs.

Those that cannot follow an order from outside keep their own shuffle over whole epochs: the windows of an epoch are the same ones, whichever comes first.
"""
import io, os, shutil, tarfile
import numpy as np, torch
from torch.utils.data import DataLoader, Dataset
from loader_work import BATCH
from loader_torch import Loaded, options, version_of

def built(work, name, build):
    """The folder of a format, built once."""
    path = os.path.join(work.folder, name)
    if not os.path.exists(path):
        shutil.rmtree(path + '.tmp', ignore_errors=True)
        os.makedirs(path + '.tmp')
        build(path + '.tmp')
        os.rename(path + '.tmp', path)
    return path

class ByRow(Dataset):
    """Random access to clips, in our order as for any DataLoader. `opened` is called in the process that reads."""
    def __init__(self, work, opened): self.work, self.opened, self.clip = work, opened, None
    def __getitem__(self, sample):
        if self.clip is None: self.clip = self.opened()
        return self.work.window(self.clip(int(self.work.rows[sample])), sample)
    def __getstate__(self): return {**self.__dict__, 'clip': None}

class OwnOrder:
    """An iterable dataset in its own order, epoch by epoch; `wrapped` puts the choice of windows after it."""
    ordered = False

    def __init__(self, work, workers, version, settings, wrapped, loader=DataLoader):
        self.work, self.epoch = work, torch.zeros(1, dtype=torch.int64).share_memory_()
        self.loader = loader(wrapped(lambda row, clip: work.window(clip, work.of_row[int(self.epoch), row])), batch_size=BATCH, **options(workers))
        self.version, self.settings = version, f'{settings}, {workers} workers'

    def batches(self, times):
        for number in range(times * self.work.epochs):
            self.epoch[0] = number % self.work.epochs
            for batch in self.loader: yield torch.from_numpy(batch)

def webdataset_(work, workers):
    import webdataset
    def build(folder):
        for shard in range(8):
            with tarfile.open(os.path.join(folder, f'{shard:02}.tar'), 'w') as tar:
                for row in range(shard, work.clips, 8):
                    content = io.BytesIO()
                    np.save(content, work.clip(row))
                    entry = tarfile.TarInfo(f'{row:06}.npy')
                    entry.size = content.tell()
                    content.seek(0)
                    tar.addfile(entry, content)
    folder = built(work, 'tars', build)
    tars = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    def wrapped(window):
        read = lambda item: window(int(item['__key__']), np.load(io.BytesIO(item['npy'])))
        return webdataset.WebDataset(tars, shardshuffle=8, seed=0, detshuffle=True).shuffle(1000, initial=1000).map(read)
    return OwnOrder(work, workers, version_of('webdataset', webdataset), '8 tars of .npy, shuffle 1,000', wrapped)

def mds(work):
    import streaming
    def build(folder):
        with streaming.MDSWriter(out=folder, columns={'row': 'int', 'keypoints': 'ndarray:float32'}) as writer:
            for row in range(work.clips): writer.write({'row': row, 'keypoints': work.clip(row)})
    return streaming, built(work, 'mds', build)

def mosaicml(work, workers):
    streaming, folder = mds(work)
    def opened():
        clips = streaming.LocalDataset(local=folder)
        return lambda row: clips[row]['keypoints']
    return Loaded(ByRow(work, opened), work, workers, version_of('mosaicml-streaming', streaming), 'LocalDataset, our order, ')

def mosaicml_own(work, workers):
    streaming, folder = mds(work)
    class Windows(streaming.StreamingDataset):
        def __getitem__(self, at):
            clip = super().__getitem__(at)
            return self.window(clip['row'], clip['keypoints'])
    def wrapped(window):
        clips = Windows(local=folder, shuffle=True, batch_size=BATCH, num_canonical_nodes=1)
        clips.window = window
        return clips
    return OwnOrder(work, workers, version_of('mosaicml-streaming', streaming), 'StreamingDataset, its shuffle', wrapped)

def huggingface(work, workers):
    """The bytes of a clip as a value of its row, read in the arrow format: 50,000 rows/s; lists of floats 40,000 in the arrow, 6,500 in the numpy, 4,800 in the torch format; Array3D 1,600."""
    import datasets
    def build(folder):
        clips = {'keypoints': [work.clip(row).tobytes() for row in range(work.clips)]}
        datasets.Dataset.from_dict(clips, features=datasets.Features({'keypoints': datasets.Value('binary')})).save_to_disk(folder)
    folder = built(work, 'huggingface', build)
    def opened():
        clips = datasets.load_from_disk(folder).with_format('arrow')
        return lambda row: np.frombuffer(clips[row]['keypoints'][0].as_buffer(), np.float32).reshape(-1, 13, 3)
    return Loaded(ByRow(work, opened), work, workers, version_of('datasets', datasets), 'bytes, arrow format, ')

def litdata_(work, workers):
    """Its own shuffle: picked one by one in our order it hands out 400 clips/s."""
    import litdata
    def build(folder):
        litdata.optimize(lambda row: {'row': row, 'keypoints': work.clip(row).copy()}, list(range(work.clips)), folder, chunk_bytes='8MB', num_workers=1, start_method='fork')
    folder = built(work, 'litdata', build)
    def wrapped(window): return litdata.StreamingDataset(folder, shuffle=True, transform=lambda clip: window(clip['row'], clip['keypoints']))
    return OwnOrder(work, workers, version_of('litdata', litdata), 'StreamingDataset, its shuffle', wrapped, litdata.StreamingDataLoader)

rivals = {'webdataset': webdataset_, 'mosaicml': mosaicml, 'mosaicml-own': mosaicml_own, 'huggingface': huggingface, 'litdata': litdata_}
