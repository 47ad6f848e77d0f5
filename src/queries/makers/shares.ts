import { ToolkitError } from '../../errors.ts'

/** How large train, validation and test are to be: whole numbers without a common divisor, of `total`. */
export type Shares = { readonly train: number; readonly validation: number; readonly test: number; readonly total: number }

/** Shares of train/test or train/validation/test, as in `80/20` and `80/10/10`: whole numbers of any sum, in lowest terms after. Throws E_MAKE_SHARES. */
export function parseShares(text: string): Shares {
  const parts = text.split('/').map((part) => (/^[1-9]\d{0,6}$/.test(part) ? Number(part) : NaN))
  if (parts.some(Number.isNaN) || parts.length < 2 || parts.length > 3) {
    throw new ToolkitError('E_MAKE_SHARES', `"${text}" are no shares of train/test or train/validation/test`, { hint: 'whole numbers, such as 80/20 or 80/10/10' })
  }
  const common = parts.reduce(divisor)
  const [train, validation, test] = (parts.length === 2 ? [parts[0]!, 0, parts[1]!] : parts).map((part) => part / common) as [number, number, number]
  return { train, validation, test, total: train + validation + test }
}

/** The greatest common divisor of two whole numbers above 0. */
function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}
