import { npyBytes } from '../../npy.ts'

/** A one-dimensional array of int64 as numpy.save writes it. */
export function writeNpy(values: ArrayLike<number>): Buffer {
  return npyBytes('<i8', [values.length], BigInt64Array.from(Array.from(values, BigInt)))
}
