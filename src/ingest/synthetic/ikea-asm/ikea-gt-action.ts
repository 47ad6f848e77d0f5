import { type Pickled, writePickle } from './pickle-writer.ts'

type LabelledScan = { readonly path: string; readonly labels: Uint8Array }

const reconstruct: Pickled = { kind: 'global', module: 'numpy.core.multiarray', name: '_reconstruct' }
const ndarray: Pickled = { kind: 'global', module: 'numpy', name: 'ndarray' }
const numpyDtype: Pickled = { kind: 'global', module: 'numpy', name: 'dtype' }
const anyKind: Pickled = { kind: 'bytes', bytes: Buffer.from('b') }
const native = text('|')
const objects = dtype('O8', 63)
const int8 = dtype('i1', 0)

/**
 * `gt_action.npy` of IKEA ASM: a 0-d array of objects, as numpy 1 saves it, with one dict of the scans' names and their labels as int8 per frame. The published
 * file comes out byte for byte.
 */
export function writeGtAction(scans: readonly LabelledScan[]): Buffer {
  const names = list(scans.map(({ path }) => text(path)))
  const labels = list(scans.map((scan) => array([scan.labels.length], int8, { kind: 'bytes', bytes: scan.labels })))
  const dict: Pickled = { kind: 'dict', entries: [[text('scan_name'), names], [text('gt_labels'), labels]] }
  const head = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${`{'descr': '|O', 'fortran_order': False, 'shape': (), }`.padEnd(117)}\n`, 'latin1')
  return Buffer.concat([head, writePickle(array([], objects, list([dict])))])
}

function array(shape: readonly number[], dtype: Pickled, content: Pickled): Pickled {
  return { kind: 'object', make: reconstruct, args: tuple([ndarray, tuple([0]), anyKind]), state: tuple([1, tuple(shape), dtype, false, content]) }
}

function dtype(name: string, flags: number): Pickled {
  return { kind: 'object', make: numpyDtype, args: tuple([text(name), 0, 1]), state: tuple([3, native, null, null, null, -1, -1, flags]) }
}

function text(text: string): Pickled {
  return { kind: 'text', text }
}

function list(values: readonly Pickled[]): Pickled {
  return { kind: 'list', values }
}

function tuple(values: readonly Pickled[]): Pickled {
  return { kind: 'tuple', values }
}
