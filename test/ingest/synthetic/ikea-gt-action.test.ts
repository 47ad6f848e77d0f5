import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { writeGtAction } from '../../../src/ingest/synthetic/ikea-asm/ikea-gt-action.ts'
import { pythonWith, runPython } from '../../python.ts'
import { shared } from '../../shared.ts'

const python = pythonWith('numpy')
const real = shared === null ? null : `${shared}/data/ikea-asm/annotations/gt_action.npy`

test.skipIf(python === null)('numpy reads names and labels back, as int8 in a dict', () => {
  const long = Uint8Array.from({ length: 300 }, (_, frame) => frame % 33)
  const bytes = writeGtAction([{ path: 'Lack_TV_Bench/a', labels: Uint8Array.of(0, 0, 32) }, { path: 'Kallax_Shelf_Drawer/b', labels: long }])
  const script = `
import io, json, sys, numpy as np
array = np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=True)
item = array.item()
labels = item['gt_labels']
print(json.dumps([array.shape, array.dtype.str, item['scan_name'], [str(one.dtype) for one in labels], [one.tolist() for one in labels]]))`
  expect(JSON.parse(runPython(python!, script, bytes))).toEqual([
    [], '|O', ['Lack_TV_Bench/a', 'Kallax_Shelf_Drawer/b'], ['int8', 'int8'], [[0, 0, 32], [...long]]])
})

test.skipIf(python === null || real === null)('the published content gives the published bytes', () => {
  const script = `
import json, sys, numpy as np
item = np.load(sys.stdin.read(), allow_pickle=True).item()
print(json.dumps([item['scan_name'], [one.tolist() for one in item['gt_labels']]]))`
  const [names, labels] = JSON.parse(runPython(python!, script, real!)) as [string[], number[][]]
  const bytes = writeGtAction(names.map((path, at) => ({ path, labels: Uint8Array.from(labels[at]!) })))
  expect(bytes.equals(readFileSync(real!))).toBe(true)
})
