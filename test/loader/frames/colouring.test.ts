import { expect, test } from 'vitest'
import { recolour } from '../../../src/loader/frames/colouring.ts'

const spec = { width: 2, height: 1, layout: 'nchw', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const
const most = { brightness: 0.2, contrast: 0.5, saturation: 0.5 }
/** Draws brightness 0.1, contrast 1.5, saturation 0.5, having been asked for the ranges of `most`. */
const random = () => {
  const draws = [[-0.2, 0.2, 0.1], [0.5, 1.5, 1.5], [0.5, 1.5, 0.5]]
  return { between: (...range: readonly [number, number]) => {
    const [low, high, drawn] = draws.shift()!
    expect(range).toEqual([low, high])
    return drawn!
  } }
}
const normal = (shares: readonly number[]): Float32Array => Float32Array.from(shares, (share) => (share - 0.5) / 0.25)

// by hand, of (0.8, 0.4, 0.2): grey 0.299 x 0.8 + 0.587 x 0.4 + 0.114 x 0.2 = 0.4968; half way to it 0.6484, 0.4484, 0.3484; away from 0.5 by 1.5, and 0.1 more: 0.8226, 0.5226, 0.3726.
// white: grey 1, 1, away from 0.5 by 1.5 1.25, and 0.1 more 1.35, cut to 1
test('mixes with grey, spreads about the mean, adds, and stays within 0 and 1', () => {
  const pictures = normal([0.8, 1, 0.4, 1, 0.2, 1])
  recolour(pictures, spec, most, random())
  expect(pictures).toBeAllclose(normal([0.8226, 1, 0.5226, 1, 0.3726, 1]), { atol: 1e-6 })
})

test('does the same in every layout, and to all pictures of a view', () => {
  const pictures = normal([0.8, 0.4, 0.2, 1, 1, 1, 1, 1, 1, 0.8, 0.4, 0.2])
  recolour(pictures, { ...spec, layout: 'nhwc' }, most, random())
  expect(pictures).toBeAllclose(normal([0.8226, 0.5226, 0.3726, 1, 1, 1, 1, 1, 1, 0.8226, 0.5226, 0.3726]), { atol: 1e-6 })
})
