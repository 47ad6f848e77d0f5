/**
 * Elementary functions with the same bits on every machine: `Math.log`, `Math.cos` and `Math.exp` are left to the engine by the language,
 * these use + - * / on doubles and exact powers of two only.
 */

const LN2_HIGH = 0.693147180369123816490
const LN2_LOW = 1.90821492927058770002e-10
const ATANH = Array.from({ length: 12 }, (_, n) => 2 / (2 * n + 1))
const SINE = [1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800, 1 / 6227020800, -1 / 1307674368000, 1 / 355687428096000]
const COSINE = [1, -1 / 2, 1 / 24, -1 / 720, 1 / 40320, -1 / 3628800, 1 / 479001600, -1 / 87178291200, 1 / 20922789888000]
const EXPONENTIAL = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320, 1 / 362880, 1 / 3628800, 1 / 39916800, 1 / 479001600, 1 / 6227020800]

/** ln x for 2^-1022 <= x < 2^1023, by ln m = 2 atanh((m - 1) / (m + 1)) with x = m 2^e, m in (0.7, 1.42); error below 2.3e-16 max(1, |ln x|). */
export function ln(x: number): number {
  let mantissa = x
  let exponent = 0
  for (; mantissa > Math.SQRT2; exponent++) mantissa *= 0.5
  for (; mantissa < Math.SQRT1_2; exponent--) mantissa *= 2
  const s = (mantissa - 1) / (mantissa + 1)
  return exponent * LN2_HIGH + (s * horner(ATANH, s * s) + exponent * LN2_LOW)
}

/** cos and sin of a whole turn times `turns` (|turns| < 2^20), by Taylor polynomials on an eighth of a turn; error below 2e-16. */
export function circle(turns: number): { readonly cos: number; readonly sin: number } {
  const quarter = Math.floor(turns * 4 + 0.5)
  const angle = (turns - quarter / 4) * (2 * Math.PI)
  const square = angle * angle
  const cos = horner(COSINE, square)
  const sin = angle * horner(SINE, square)
  switch (((quarter % 4) + 4) % 4) {
    case 0: return { cos, sin }
    case 1: return { cos: -sin, sin: cos }
    case 2: return { cos: -cos, sin: -sin }
    default: return { cos: sin, sin: -cos }
  }
}

/** e^x for -700 < x < 700, by a Taylor polynomial on |r| <= ln 2 / 2 with x = k ln 2 + r; relative error below 2e-16. */
export function exp(x: number): number {
  const k = Math.floor(x / Math.LN2 + 0.5)
  return horner(EXPONENTIAL, x - k * LN2_HIGH - k * LN2_LOW) * powerOfTwo(k)
}

/** 2^k for |k| <= 1022, exactly. */
function powerOfTwo(k: number): number {
  let power = 1
  let base = k < 0 ? 0.5 : 2
  for (let bits = Math.abs(k); bits > 0; bits >>= 1, base *= base) if ((bits & 1) === 1) power *= base
  return power
}

/** coefficients[0] + x (coefficients[1] + x (...)), from the inside out. */
function horner(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (let n = coefficients.length - 1; n >= 0; n--) sum = sum * x + coefficients[n]!
  return sum
}
