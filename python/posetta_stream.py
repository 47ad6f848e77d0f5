"""Posetta's batches in Python: the same order and the same bytes as in Node, over a pipe, as Arrow. docs/streaming.md.

    from posetta_stream import PosettaStream
    with PosettaStream(['penn-action', '--split', 'official', '--batch', '16']) as stream:
        for batch in stream:                        # {'points': [16, 64, 1, 13, 3], ..., 'ids': [...], 'epoch': 0, 'state': '{...}'}
            train(batch)
            torch.save({..., 'stream': stream.state_dict()}, path)

Needs pyarrow >= 14 and numpy; tensors are torch's where torch is there (or torch=False), else numpy's. Each batch lies in memory of its own.
"""
import json, os, subprocess, sys, tempfile, warnings, weakref
import numpy as np, pyarrow as pa
from math import prod

try:
    from torch import from_numpy
    from torch.utils.data import IterableDataset, get_worker_info
    with warnings.catch_warnings(): # said once: numpy calls memory of Arrow read-only, but nobody else has that of a batch
        warnings.simplefilter('ignore')
        from_numpy(np.frombuffer(bytes(1), np.uint8))
except ImportError:
    from_numpy, IterableDataset, get_worker_info = None, object, lambda: None

__all__ = ['PosettaStream', 'PosettaError']

class PosettaError(RuntimeError):
    """posetta stream failed: what it said, and its exit code."""

def default_command():
    """posetta of the package that this file lies in, else the one on the PATH."""
    run = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'bin', 'run.js')
    return ['node', run, 'stream'] if os.path.exists(run) else ['posetta', 'stream']

class PosettaStream(IterableDataset):
    """The batches of `posetta stream ARGUMENTS`, which runs while they are iterated over. Iterating again goes on after the last batch that was handed out.

    A DataLoader takes it with batch_size=None and num_workers 0 or 1. rank and world: this process's part of every batch. PosettaError when posetta fails.
    """
    def __init__(self, arguments=(), *, rank=0, world=1, command=None, torch=None):
        self.arguments, self.rank, self.world = list(arguments), rank, world
        self.command = list(command or default_command())
        self.torch = from_numpy is not None if torch is None else torch
        self.about, self._state, self._child = None, None, None

    def state_dict(self):
        """Where the stream stands after the last batch that this object handed out. Behind a DataLoader with a worker, keep {'state': batch['state']} instead."""
        return {'state': self._state}

    def load_state_dict(self, state):
        """Goes on there; takes a whole batch too."""
        self.close()
        self._state = state['state']

    def __iter__(self):
        worker = get_worker_info()
        if worker is not None and worker.num_workers > 1:
            raise ValueError(f'{worker.num_workers} workers would each get the same batches: use num_workers=1 or 0; posetta has threads of its own')
        self.close()
        child = self._child = _Child(self._line())
        try:
            reader = child.opened()
            self.about = json.loads(reader.schema.metadata[b'posetta'])
            tensors, ids = [_Tensor(at, field, self.torch) for at, field in enumerate(reader.schema) if field.name != 'id'], reader.schema.get_field_index('id')
            while (record := child.next(reader)) is not None:
                batch = {tensor.name: tensor.of(record.batch) for tensor in tensors}
                batch.update(ids=record.batch.column(ids).to_pylist(), epoch=int(record.custom_metadata['epoch']), state=record.custom_metadata['state'].decode())
                self._state = batch['state']
                yield batch
        finally:
            child.close()

    def _line(self):
        world = ['--rank', str(self.rank), '--world', str(self.world)] if self.world > 1 or self.rank else []
        return [*self.command, *self.arguments, *world, *(['--state', self._state] if self._state is not None else [])]

    def close(self):
        """Ends posetta. Iterating again starts it where it stopped."""
        child, self._child = self._child, None
        if child is not None: child.close()

    def __enter__(self): return self
    def __exit__(self, *_): self.close()
    def __getstate__(self): return {**self.__dict__, '_child': None}

class _Tensor:
    """A column of the stream as tensors. What is asked of Arrow is asked once: of small batches it takes longer than reading them."""
    def __init__(self, at, field, torch):
        shaped = isinstance(field.type, pa.FixedShapeTensorType)
        self.at, self.name, self.shape = at, field.name, tuple(field.type.shape) if shaped else ()
        self.dtype, self.size, self.torch = (field.type.value_type if shaped else field.type).to_pandas_dtype(), prod(self.shape), torch

    def of(self, record):
        """A view of the record's memory: nothing is copied."""
        array = np.frombuffer(record.column(self.at).buffers()[-1], self.dtype, record.num_rows * self.size).reshape(record.num_rows, *self.shape)
        return from_numpy(array) if self.torch else array

# of Linux; pipes of 64 kB take a large batch in a thousand turns
_wide = {'pipesize': 1 << 20} if sys.version_info >= (3, 10) else {}

class _Child:
    """posetta as a process. It ends when its pipe is closed, so also when this process is killed."""
    def __init__(self, line):
        self.line, self.errors = line, tempfile.TemporaryFile()
        self.process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors, **_wide)
        self.close = weakref.finalize(self, _end, self.process, self.errors)

    def opened(self):
        try: return pa.ipc.open_stream(self.process.stdout)
        except (pa.ArrowException, OSError) as error: raise self._failed(error) from None

    def next(self, reader):
        """The next record batch; None after the last."""
        try: return reader.read_next_batch_with_custom_metadata()
        except StopIteration: end = None
        except (pa.ArrowException, OSError) as error: end = error
        if end is not None or self.process.wait() not in (0, 3): raise self._failed(end) # 3 = done, but with loss
        return None

    def _failed(self, error):
        self.process.stdout.close()
        code = self.process.wait(60)
        self.errors.seek(0)
        said = self.errors.read()[-4000:].decode(errors='replace').strip() or str(error)
        return PosettaError(f'{" ".join(self.line)} ended with exit code {code}: {said}')

def _end(process, errors):
    process.stdout.close()
    process.terminate()
    try: process.wait(5)
    except subprocess.TimeoutExpired: process.kill(); process.wait()
    errors.close()
