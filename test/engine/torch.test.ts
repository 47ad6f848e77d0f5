import { describe, expect, test } from 'vitest'
import {
  add, evaluate, gelu, gradients, input, layerNorm, logSoftmax, matmul, max, mean, mul, neg, slice, softmax, sqrt, square, transpose,
} from '../../src/engine/index.ts'

const wave = (count: number, of: (x: number) => number, step: number): Float64Array => Float64Array.from({ length: count }, (_, i) => of(i * step))

describe('agrees with PyTorch 2.15 in float64', () => {
  // bench/peers/op_gradients.py; constants of a graph are float32, hence not to the last digit
  test('on the gradients of a small transformer-like composite', () => {
    const [x, w, gain, bias] = [input('x', [2, 3, 4]), input('w', [4, 5]), input('gain', [5]), input('bias', [5])]
    const h = gelu(layerNorm(matmul(x, w), gain, bias))
    const scores = matmul(softmax(mul(matmul(h, transpose(h, [0, 2, 1])), 0.5)), h)
    const picked = slice(logSoftmax(scores), 2, 2, 3)
    const loss = add(add(neg(mean(picked, [0, 1, 2])), sqrt(mean(square(scores), [0, 1, 2]))), mean(max(scores, [-1]), [0, 1]))
    const feeds = { x: wave(24, Math.sin, 0.37), w: wave(20, Math.cos, 0.53), gain: [0.5, 0.75, 1, 1.25, 1.5], bias: [-0.2, -0.1, 0, 0.1, 0.2] }
    const [value, ...found] = evaluate([loss, ...gradients(loss, [x, w, gain, bias])], feeds)
    expect(value).toBeAllclose([3.6589749391232633], { rtol: 1e-7 })
    expect(found[0]!.subarray(0, 8)).toBeAllclose([-0.022826092887, 0.019520340121, -0.011591475728, 0.000917337131, -0.042663902891, 0.072419098488, -0.085022872846, 0.077490203399], { rtol: 1e-5, atol: 1e-8 })
    expect(found[0]!.subarray(16)).toBeAllclose([-5.730340181337, 3.441101268858, -0.336887044343, -2.847114028229, 0.009585089323, -0.013125122814, 0.01355665986, -0.010777497122], { rtol: 1e-5, atol: 1e-8 })
    expect(found[1]!.subarray(0, 5)).toBeAllclose([1.084984731265, 0.017572532844, -0.128954966344, 1.339470966144, -2.313073263908], { rtol: 1e-5 })
    expect(found[2]).toBeAllclose([0.548284410718, 0.006767292785, -0.116986336225, 0.331192688988, 1.512131215338], { rtol: 1e-5 })
    expect(found[3]).toBeAllclose([0.32073819942, 0.035954592559, -0.282402536275, 0.355527395265, 1.112772269245], { rtol: 1e-5 })
  })
})
