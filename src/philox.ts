/**
 * Philox4x32-10: ten rounds of two 32 x 32 -> 64 bit products, a bijection of the counter for every key.
 * Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011.
 */
export function philox(counter: ArrayLike<number>, key: ArrayLike<number>, out: Uint32Array = new Uint32Array(4), at = 0): Uint32Array {
  let a = counter[0]! | 0
  let b = counter[1]! | 0
  let c = counter[2]! | 0
  let d = counter[3]! | 0
  let k0 = key[0]! | 0
  let k1 = key[1]! | 0
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd251, 0x1f53, a)
    const high1 = highProduct(0xcd9e, 0x8d57, c)
    const low0 = Math.imul(0xd2511f53, a)
    const low1 = Math.imul(0xcd9e8d57, c)
    a = high1 ^ b ^ k0
    b = low1
    c = high0 ^ d ^ k1
    d = low0
    k0 = (k0 + 0x9e3779b9) | 0
    k1 = (k1 + 0xbb67ae85) | 0
  }
  out[at] = a
  out[at + 1] = b
  out[at + 2] = c
  out[at + 3] = d
  return out
}

/** The upper 32 bits of (high 2^16 + low) * y, y a word; by halves of 16 bits, none of whose sums reaches 2^32. */
function highProduct(high: number, low: number, y: number): number {
  const yh = y >>> 16
  const yl = y & 0xffff
  const middle = (Math.imul(high, yl) + (Math.imul(low, yl) >>> 16)) >>> 0
  const carried = (Math.imul(low, yh) + (middle & 0xffff)) >>> 0
  return (Math.imul(high, yh) + (middle >>> 16) + (carried >>> 16)) | 0
}
