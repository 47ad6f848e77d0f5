import { ToolkitError } from '../../../errors.ts'
import { readNpyArray } from '../../readers/npy.ts'
import type { PickleValue } from '../../readers/pickle-value.ts'
import type { FrameLabels } from './ikea-frame-labels.ts'

/**
 * Reads `gt_action.npy` of IKEA ASM: a 0-d array of one dict, `scan_name` a list of text and `gt_labels` beside it a list of an int8 array [frames] each, whose
 * values are below `classes`. By scan, with its number in the lists. Throws FormatError, E_IKEA_GT_ACTION.
 */
export function readGtAction(bytes: Uint8Array, classes: number): ReadonlyMap<string, { readonly at: number; readonly labels: FrameLabels }> {
  const array = readNpyArray(bytes)
  const dict = array.kind === 'ndobjects' && array.shape.length === 0 ? array.values[0] : null
  if (!(dict instanceof Map)) throw broken(`it holds an array of ${array.dtype}, shape (${array.shape.join(', ')}), not one dict`)
  const [names, labels] = [listOf(dict, 'scan_name'), listOf(dict, 'gt_labels')]
  if (names.length !== labels.length) throw broken(`${names.length} scans have names, ${labels.length} have labels`)
  const odd = names.findIndex((name, at) => typeof name !== 'string' || names.indexOf(name) !== at)
  if (odd !== -1) throw broken(`scan_name[${odd}] is ${String(names[odd])}, which is ${typeof names[odd] === 'string' ? 'there twice' : 'no name'}`)
  return new Map(names.map((name, at) => [String(name), { at, labels: labelsOf(labels[at]!, `gt_labels[${at}]`, classes) }]))
}

function listOf(dict: ReadonlyMap<PickleValue, PickleValue>, key: string): readonly PickleValue[] {
  const list = dict.get(key)
  if (!Array.isArray(list)) throw broken(`there is no list "${key}"`)
  return list as readonly PickleValue[]
}

function labelsOf(value: PickleValue, what: string, classes: number): FrameLabels {
  const isArray = value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'ndarray' && value.shape.length === 1
  if (!isArray) throw broken(`${what} is no list of labels`)
  const { values } = value
  const odd = values.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classes)
  if (odd !== -1) throw broken(`${what} has the label ${values[odd]} at frame ${odd}; there are 0 to ${classes - 1}`)
  return Int8Array.from(values)
}

function broken(message: string): ToolkitError {
  return new ToolkitError('E_IKEA_GT_ACTION', message)
}
