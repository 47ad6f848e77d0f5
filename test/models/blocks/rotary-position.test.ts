import { describe, expect, test } from 'vitest'
import { input, matmul, referenceExecutor, transposeLast } from '../../../src/engine/index.ts'
import { rotary } from '../../../src/models/blocks/rotary-position.ts'

const run = async (shape: readonly number[], data: readonly number[], output: (x: ReturnType<typeof input>) => ReturnType<typeof input>) => {
  const x = input('x', shape)
  const program = await referenceExecutor().compile({ inputs: [x], state: [], outputs: { y: output(x) } })
  return (await program.run({ x: { shape, data: Float32Array.from(data) } }))['y']!.data
}

describe('rotary', () => {
  // by hand: of depth 4 and base 100, numbers 0 and 2 turn by s, numbers 1 and 3 by s / 10
  test('turns each pair of numbers by its place, the later pairs slower', async () => {
    const found = await run([1, 1, 3, 4], [1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0], (x) => rotary(x, 100))
    expect(found).toBeAllclose([0, 1, 2].flatMap((s) => [Math.cos(s), Math.cos(s / 10), Math.sin(s), Math.sin(s / 10)]), { atol: 1e-6 })
  })
  // by hand: (1, 0) turned by s times (1, 0) turned by t is cos(s - t)
  test('makes a product depend on how far apart two places are', async () => {
    const found = await run([1, 1, 3, 2], [1, 0, 1, 0, 1, 0], (x) => matmul(rotary(x, 100), transposeLast(rotary(x, 100))))
    expect(found).toBeAllclose([0, 1, 2].flatMap((s) => [0, 1, 2].map((t) => Math.cos(s - t))), { atol: 1e-6 })
  })
  test('refuses an odd depth', () => {
    expect(() => rotary(input('x', [1, 1, 3, 5]), 100)).toThrow('rotary of [1, 1, 3, 5]: it is not [B, heads, S, depth] with an even depth')
  })
})
