/**
 * Masks of dropout, 32 numbers at a time (AssemblyScript): four blocks of Philox4x32-10 side by side, as src/philox.ts computes them one by one, and 16 bits of them for each number,
 * as src/engine/mask-kernel.ts says. Nothing is allocated: all memory is the caller's.
 */

/** The lower halves of four products, of lanes 0 and 1 in `even` and of 2 and 3 in `odd`. */
@inline
function lowHalves(even: v128, odd: v128): v128 {
  return i8x16.shuffle(even, odd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
}

@inline
function highHalves(even: v128, odd: v128): v128 {
  return i8x16.shuffle(even, odd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
}

/** Eight numbers of one block, whose words are the lanes of `words`. */
@inline
function storeMask(at: usize, words: v128, dropped: v128, kept: v128): void {
  const low = v128.and(kept, i32x4.ge_u(v128.and(words, i32x4.splat(0xffff)), dropped))
  const high = v128.and(kept, i32x4.ge_u(i32x4.shr_u(words, 16), dropped))
  v128.store(at, i8x16.shuffle(low, high, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23))
  v128.store(at, i8x16.shuffle(low, high, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31), 16)
}

/**
 * Writes 8 numbers for each of `blocks` blocks (a multiple of 4) from block `first` of a stream on: 0 where 16 bits are below `dropped`, else `kept`. The other words of the counter and
 * those of the key are `c1`, `c2`, `c3` and `k0`, `k1`.
 */
export function keep(out: usize, blocks: i32, first: i32, c1: i32, c2: i32, c3: i32, k0: i32, k1: i32, dropped: i32, kept: f32): void {
  const m0 = i32x4.splat(0xd2511f53)
  const m1 = i32x4.splat(0xcd9e8d57)
  const bounds = i32x4.splat(dropped)
  const values = f32x4.splat(kept)
  for (let block = 0; block < blocks; block += 4) {
    let a = i32x4.add(i32x4.splat(first + block), i32x4(0, 1, 2, 3))
    let b = i32x4.splat(c1)
    let c = i32x4.splat(c2)
    let d = i32x4.splat(c3)
    let key0 = k0
    let key1 = k1
    for (let round = 0; round < 10; round++) {
      const even0 = i64x2.extmul_low_i32x4_u(a, m0)
      const odd0 = i64x2.extmul_high_i32x4_u(a, m0)
      const even1 = i64x2.extmul_low_i32x4_u(c, m1)
      const odd1 = i64x2.extmul_high_i32x4_u(c, m1)
      a = v128.xor(v128.xor(highHalves(even1, odd1), b), i32x4.splat(key0))
      c = v128.xor(v128.xor(highHalves(even0, odd0), d), i32x4.splat(key1))
      b = lowHalves(even1, odd1)
      d = lowHalves(even0, odd0)
      key0 += 0x9e3779b9
      key1 += 0xbb67ae85
    }
    // lanes are blocks; the words of a block belong together
    const ab01 = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
    const ab23 = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)
    const cd01 = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
    const cd23 = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)
    storeMask(out, i8x16.shuffle(ab01, cd01, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), bounds, values)
    storeMask(out + 32, i8x16.shuffle(ab01, cd01, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), bounds, values)
    storeMask(out + 64, i8x16.shuffle(ab23, cd23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), bounds, values)
    storeMask(out + 96, i8x16.shuffle(ab23, cd23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), bounds, values)
    out += 128
  }
}
