import type { DatasetEntry } from '../../../catalog.ts'
import { ToolkitError, unknownName } from '../../../errors.ts'
import type { MatFile } from '../../readers/mat.ts'
import type { MatNumbers } from '../../readers/mat-matrix.ts'

/** One label file of Penn Action, checked: everything agrees on the number of frames. */
export type PennLabel = {
  readonly action: string
  readonly view: string
  readonly side: 'train' | 'test'
  readonly width: number
  readonly height: number
  readonly frames: number
  /** [13, T]: joint after joint, as MATLAB lays [T, 13] out. px. */
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  readonly isVisible: ArrayLike<number>
  /** [4, T] or, in 1154 and 1865, [4, T - 1]: x1, y1, x2, y2. */
  readonly boxes: ArrayLike<number>
  readonly boxRows: number
  /** 0743 has doubles where all others have truth values. */
  readonly hasNumericVisibility: boolean
}

const views = ['front', 'back', 'left', 'right']

/** Takes the nine variables out of a label file and holds them against one another; ToolkitError names the first that does not fit. */
export function readPennLabel(file: MatFile, entry: DatasetEntry): PennLabel {
  const joints = entry.skeleton.joints.length
  const frames = scalar(file, 'nframes')
  if (!Number.isInteger(frames) || frames < 1) throw new ToolkitError('E_PENN_VALUE', `nframes is ${frames}`)
  const [x, y, visibility] = ['x', 'y', 'visibility'].map((name) => matrix(file, name, [frames, joints])) as [Matrix, Matrix, Matrix]
  const isShort = numbers(file, 'bbox').dims[0] === frames - 1
  const boxes = matrix(file, 'bbox', [isShort ? frames - 1 : frames, 4])
  const [height, width, third] = matrix(file, 'dimensions', [1, 3]).values as ArrayLike<number> as [number, number, number]
  if (third !== frames) throw new ToolkitError('E_PENN_ROWS', `dimensions says ${third} frames, nframes ${frames}`)
  for (const size of [width, height]) if (!Number.isInteger(size) || size < 1) throw new ToolkitError('E_PENN_VALUE', `an image of ${width} x ${height} px`)
  for (const { name, values } of [x, y, boxes]) mustBeFinite(name, values)
  const odd = visibility.values.findIndex((value) => value !== 0 && value !== 1)
  if (odd !== -1) throw new ToolkitError('E_PENN_VALUE', `visibility holds ${visibility.values[odd]}; 0 and 1 are known`)
  return {
    action: oneOf(file, 'action', entry.actions, 'E_PENN_ACTION'),
    view: oneOf(file, 'pose', views, 'E_PENN_VALUE'),
    side: sideOf(scalar(file, 'train')),
    width, height, frames,
    x: x.values, y: y.values, isVisible: visibility.values, boxes: boxes.values, boxRows: boxes.dims[0]!,
    hasNumericVisibility: !visibility.isLogical,
  }
}

type Matrix = MatNumbers & { readonly values: Exclude<MatNumbers['values'], BigInt64Array | BigUint64Array> }

function numbers(file: MatFile, name: string): Matrix {
  const variable = file.variables.get(name)
  if (variable === undefined) throw missing(file, name)
  if (variable.kind !== 'numbers' || variable.imaginary !== null || variable.values instanceof BigInt64Array || variable.values instanceof BigUint64Array) {
    const what = variable.kind === 'text' ? 'text' : variable.imaginary === null ? variable.class : 'complex'
    throw new ToolkitError('E_PENN_TYPE', `the variable ${name} is ${what}, not plain numbers`)
  }
  return variable as Matrix
}

function missing(file: MatFile, name: string): ToolkitError {
  const skipped = file.skipped.find((variable) => variable.name === name)
  if (skipped !== undefined) return new ToolkitError('E_PENN_TYPE', `the variable ${name} is of class ${skipped.class}, not plain numbers or text`)
  const names = [...file.variables.keys()]
  return new ToolkitError('E_PENN_VARIABLE', `no variable ${name}; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ') || 'none'}`)
}

function matrix(file: MatFile, name: string, dims: readonly [number, number]): Matrix {
  const found = numbers(file, name)
  if (found.dims.length !== 2 || found.dims[0] !== dims[0] || found.dims[1] !== dims[1]) {
    throw new ToolkitError(found.dims.length === 2 && found.dims[1] === dims[1] ? 'E_PENN_ROWS' : 'E_PENN_DIMS',
      `${name} is ${found.dims.join(' x ')}, not ${dims.join(' x ')}`)
  }
  return found
}

function scalar(file: MatFile, name: string): number {
  return matrix(file, name, [1, 1]).values[0]!
}

function oneOf(file: MatFile, name: string, known: readonly string[], code: string): string {
  const variable = file.variables.get(name)
  if (variable === undefined) throw missing(file, name)
  if (variable.kind !== 'text') throw new ToolkitError('E_PENN_TYPE', `the variable ${name} is ${variable.class}, not text`)
  const value = variable.rows.join(' ')
  if (known.includes(value)) return value
  const { message, hint } = unknownName(code, name, value, known)
  throw new ToolkitError(code, message, hint === undefined ? {} : { hint })
}

function sideOf(train: number): 'train' | 'test' {
  if (train !== 1 && train !== -1) throw new ToolkitError('E_PENN_VALUE', `train is ${train}; 1 (train) and -1 (test) are known`)
  return train === 1 ? 'train' : 'test'
}

function mustBeFinite(name: string, values: ArrayLike<number>): void {
  for (let at = 0; at < values.length; at++) {
    if (!Number.isFinite(values[at]!)) throw new ToolkitError('E_PENN_VALUE', `${name} holds ${values[at]!}`)
  }
}
