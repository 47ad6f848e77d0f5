/** The nearest number that float16 has, of two equally near ones the even: beyond 65,504 by half a step or more it is infinite. IEEE 754, binary16. */
export function roundToHalf(x: number): number {
  const size = Math.abs(x)
  if (size === 0 || !Number.isFinite(x)) return x
  if (size >= 65_520) return Math.sign(x) * Infinity
  // all of these are powers of two, so that only `even` rounds
  const step = 2 ** (Math.max(exponentOf(size), -14) - 10)
  return Math.sign(x) * even(size / step) * step
}

/** The largest e with 2^e <= x, for x > 0; exact for all that float16 tells from 0. */
function exponentOf(x: number): number {
  const near = Math.floor(Math.log2(x))
  return 2 ** near > x ? near - 1 : 2 ** (near + 1) <= x ? near + 1 : near
}

function even(x: number): number {
  const floor = Math.floor(x)
  const over = x - floor
  return over > 0.5 || (over === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}
