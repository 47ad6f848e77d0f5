import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pythonWith } from '../python.ts'

const [folder, source] = [new URL('../../python', import.meta.url), new URL('stream-source.js', import.meta.url)].map((url) => fileURLToPath(url)) as [string, string]
const numpy = pythonWith('pyarrow', 'numpy')
const torch = pythonWith('pyarrow', 'numpy', 'torch')

/** What a Python script without PyTorch, which takes seconds to load, prints as JSON. `stream(*arguments, **options)` makes a PosettaStream of test/interop/stream-source.js. */
function numpySays(script: string): unknown {
  return pythonSays(numpy!, script, "sys.modules['torch'] = None")
}

/** `hashes(batches)` = what can be seen of each batch. */
function pythonSays(python: string, script: string, first = ''): unknown {
  const before = `
import hashlib, itertools, json, sys
${first}
sys.path.insert(0, ${JSON.stringify(folder)})
from posetta_stream import PosettaError, PosettaStream
import numpy as np
def stream(*arguments, **options): return PosettaStream(arguments, command=[${JSON.stringify(process.execPath)}, ${JSON.stringify(source)}], **options)
def hashes(batches):
    for batch in batches:
        tensors = {name: np.asarray(value) for name, value in batch.items() if name not in ('ids', 'epoch', 'state')}
        yield [batch['ids'], batch['epoch'], batch['state'], {name: [str(array.dtype), list(array.shape), hashlib.sha256(array.tobytes()).hexdigest()] for name, array in tensors.items()}]
`
  const { status, stdout, stderr } = spawnSync(python, ['-W', 'error', '-c', `${before}\n${script}`], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

describe.skipIf(numpy === null)('the stream in Python (POSETTA_PYTHON names an interpreter with pyarrow and numpy)', () => {
  test('has tensors of a batch by name, its ids, epoch and state', () => {
    const [batch] = numpySays('print(json.dumps([{name: value.tolist() if hasattr(value, "tolist") else value for name, value in batch.items()} for batch in stream()]))') as
      [{ ids: string[]; points: number[][][][][]; time: number[][]; length: number[]; state: string; epoch: number }]
    expect([batch.epoch, JSON.parse(batch.state)]).toEqual([0, { format: 1, split: 'aa', root: 'bb', seed: 5, epoch: 0, next: 4 }])
    // clip n has 4 + n frames, and its numbers count up from 100 n
    for (const [at, id] of batch.ids.entries()) {
      const number = Number(id.slice('stream/'.length))
      const start = batch.time[at]![0]!
      expect(batch.length[at]).toBe(4 + number)
      expect(batch.points[at]![0]!).toEqual([[[0, 1, 2].map((i) => 100 * number + 6 * start + i), [3, 4, 5].map((i) => 100 * number + 6 * start + i)]])
    }
  })

  test('goes on exactly after the last batch, in the same object and in another', () => {
    const [whole, again, another, carried] = numpySays(`
whole, one, other, third = list(hashes(stream())), stream(), stream(), stream()
first = list(itertools.islice(hashes(one), 2))
other.load_state_dict(json.loads(json.dumps(one.state_dict())))
third.load_state_dict(next(itertools.islice(stream(), 1, None)))
print(json.dumps([whole, first + list(hashes(one)), first + list(hashes(other)), first + list(hashes(third))]))`) as unknown[][]
    expect(whole!.length).toBe(6)
    expect([again, another, carried]).toEqual([whole, whole, whole])
  })

  test('the ranks of a world together have the batch', () => {
    const [whole, first, second] = numpySays(`
ids = lambda batches: [batch['ids'] for batch in batches]
print(json.dumps([ids(stream()), ids(stream(rank=0, world=2)), ids(stream(rank=1, world=2))]))`) as string[][][]
    expect(first!.map((ids, at) => [...ids, ...second![at]!])).toEqual(whole)
  })

  test('tells what posetta said when it fails, after the batches that came', () => {
    const [count, error] = numpySays(`
count = 0
try:
    for batch in stream('--fail'): count += 1
except PosettaError as error: print(json.dumps([count, str(error)]))`) as [number, string]
    expect([count, error.endsWith('--fail ended with exit code 4: E_TEST: the disk is on fire')]).toEqual([2, true])
  })

  test('leaves no process behind after a break, a close or the end', () => {
    expect(numpySays(`
ended = []
one = stream('--epochs', '1000000')
for batch in one:
    child = one._child.process
    break
one.close()
ended.append(child.poll() is not None)
with stream('--epochs', '1000000') as two:
    for batch in two:
        child = two._child.process
        break
ended.append(child.poll() is not None)
print(json.dumps(ended))`)).toEqual([true, true])
  })

  test.skipIf(torch === null)('is a dataset of PyTorch, with and without a worker; two are refused', () => {
    const [same, kind, state, refusal] = pythonSays(torch!, `
import torch
from torch.utils.data import DataLoader
plain = list(hashes(stream(torch=False)))
loaded = [list(hashes(DataLoader(stream(), batch_size=None, num_workers=workers))) for workers in (0, 1)]
kept = stream()
for batch in DataLoader(kept, batch_size=None): break
try: next(iter(DataLoader(stream(), batch_size=None, num_workers=2)))
except ValueError as error: refusal = str(error)
print(json.dumps([[plain == one for one in loaded], str(batch['points'].dtype), kept.state_dict()['state'] == batch['state'], refusal]))`) as unknown[]
    expect([same, kind, state]).toEqual([[true, true], 'torch.float32', true])
    expect(refusal).toContain('2 workers would each get the same batches: use num_workers=1 or 0')
  })
})
