import type { NdArray, NdTexts } from './ndarray.ts'

/** What a pickle holds. Lists and tuples are arrays; dicts are Maps, whose tuple keys are compared by identity; integers beyond 2^53 are BigInts. */
export type PickleValue = null | boolean | number | bigint | string | Uint8Array | readonly PickleValue[] | ReadonlyMap<PickleValue, PickleValue>
  | ReadonlySet<PickleValue> | NdArray | NdTexts | NdObjects

/** An array of anything (numpy's dtype `|O`), in row order. */
export type NdObjects = { readonly kind: 'ndobjects'; readonly dtype: '|O'; readonly shape: readonly number[]; readonly values: readonly PickleValue[] }
