import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readNpyArray } from '../../../src/ingest/readers/npy.ts'
import { readPickle } from '../../../src/ingest/readers/pickle.ts'
import type { PickleValue } from '../../../src/ingest/readers/pickle-value.ts'
import { pythonWith, runPython } from '../../python.ts'
import { shared } from '../../shared.ts'

type Labels = { readonly shape: readonly number[]; readonly values: Float32Array }

const python = pythonWith('numpy')

describe.skipIf(shared === null)('gt_action.npy of IKEA ASM', () => {
  const path = `${shared}/data/ikea-asm/annotations/gt_action.npy`
  const read = (): { names: string[]; labels: Labels[]; counts: number[] } => {
    const file = readNpyArray(readFileSync(path)).values[0] as ReadonlyMap<string, unknown>
    const labels = file.get('gt_labels') as Labels[]
    const counts = Array.from({ length: 33 }, () => 0)
    for (const { values } of labels) for (const label of values) counts[label]!++
    return { names: file.get('scan_name') as string[], labels, counts }
  }

  test('has 371 scans with 1,015,030 frames of 33 labels', () => {
    const { names, labels, counts } = read()
    expect(names).toHaveLength(371)
    expect(names[0]).toBe('Lack_TV_Bench/0025_black_table_04_02_2019_08_20_13_48')
    expect(labels.map(({ values }) => values.length).reduce((sum, frames) => sum + frames, 0)).toBe(1_015_030)
    // numpy.bincount(numpy.concatenate(gt_labels)) of numpy 2.4.6
    expect(counts).toEqual([145720, 42014, 15805, 23865, 17390, 72100, 1100, 44077, 9830, 11715, 271, 1403, 507, 678, 1101, 177, 531, 13001, 4218, 5286, 1670,
      46758, 5227, 18510, 9778, 1120, 5391, 623, 375, 13524, 18387, 450479, 32399])
  })

  test.skipIf(python === null)('has the labels that numpy reads', () => {
    const { names, labels, counts } = read()
    expect(JSON.parse(runPython(python!, counted, path))).toEqual({ names, lengths: labels.map(({ values }) => values.length), counts })
  })
})

describe.skipIf(shared === null || python === null)('reads what Python reads in', () => {
  const files = ['pyskl/tiny_proto2.pkl', 'pyskl/tiny_proto3.pkl', 'pyskl/tiny_proto4.pkl', 'pyskl/tiny_proto5.pkl',
    'casa/npyrecords/kallax_shelf_drawer_val.npy',
    'casa/npyrecords/tennis_serve_train.npy', ...['U', 'b', 'f16', 'f64F', 'i64', 'i8', 'obj'].map((name) => `npy_dtypes/${name}.npy`)]

  test.each(files)('%s', (name) => {
    const path = `${shared}/data/tiny-raw/${name}`
    const value = name.endsWith('.npy') ? readNpyArray(readFileSync(path)) : readPickle(readFileSync(path))
    expect(plain(value)).toEqual(JSON.parse(runPython(python!, described, path)))
  })
})

/** Prints the names, the lengths and how often each label comes. */
const counted = `
import json, sys
import numpy as np
file = np.load(sys.stdin.read(), allow_pickle=True).item()
labels = file['gt_labels']
print(json.dumps({'names': file['scan_name'], 'lengths': [len(one) for one in labels], 'counts': np.bincount(np.concatenate(labels)).tolist()}))`

/** Prints what a file holds as JSON: dicts as lists of pairs, arrays with their dtype and shape. */
const described = `
import json, pickle, sys
import numpy as np
def plain(value):
    if isinstance(value, dict): return [[plain(key), plain(one)] for key, one in value.items()]
    if isinstance(value, (list, tuple)): return [plain(one) for one in value]
    if isinstance(value, np.ndarray):
        return {'dtype': value.dtype.str, 'shape': list(value.shape), 'values': [plain(one) for one in value.ravel().tolist()]}
    return value.item() if isinstance(value, np.generic) else value
path = sys.stdin.read()
print(json.dumps(plain(np.load(path, allow_pickle=True) if path.endswith('.npy') else pickle.load(open(path, 'rb')))))`

function plain(value: PickleValue): unknown {
  if (value instanceof Map) return [...value].map((pair) => pair.map(plain))
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null || !('kind' in value)) return value
  const values = Array.from(value.values as readonly PickleValue[], plain)
  return { dtype: value.dtype, shape: value.shape, values: value.dtype === '|b1' ? values.map(Boolean) : values }
}
