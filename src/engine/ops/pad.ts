import { node, number, oneOf, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { concat } from './concat.ts'
import { flip } from './flip.ts'
import { constant } from './input.ts'
import { pad as padZeros, slice } from './slice.ts'
import { expand } from './sum.ts'

export type PadOptions = {
  /** `constant`: `value`. `edge`: the outermost place again. `reflect`: mirrored, the outermost place once. `circular`: from the other end. */
  readonly mode?: 'constant' | 'edge' | 'reflect' | 'circular'
  readonly value?: number
}

/** Places before and after those of one axis: zeros, or what `mode` says, as torch.nn.functional.pad (whose `replicate` is `edge`). */
export const pad = checked('pad', {
  x: node, axis: whole, before: whole, after: whole, options: options({ mode: oneOf('constant', 'edge', 'reflect', 'circular'), value: number }),
}, (x: Node, axis: number, before: number, after: number, { mode = 'constant', value = 0 }: PadOptions = {}): Node => {
  const at = axisOf('pad', x, axis)
  const extent = x.shape[at]!
  const most = { constant: Infinity, edge: extent === 0 ? 0 : Infinity, reflect: extent - 1, circular: extent }[mode]
  if ([before, after].some((count) => !Number.isInteger(count) || count < 0 || count > most)) {
    throw shapeError('pad', `no ${before} and ${after} places (${mode}) around ${extent} of axis ${axis}`, x)
  }
  if (before === 0 && after === 0) return x
  if (mode === 'constant' && value === 0) return padZeros(x, at, before, after)
  return concat([...around(before, true), x, ...around(after, false)], at)

  function around(count: number, ahead: boolean): Node[] {
    if (count === 0) return []
    switch (mode) {
      case 'constant': return [expand(constant(value), x.shape.with(at, count))]
      case 'edge': return [expand(ahead ? slice(x, at, 0, 1) : slice(x, at, extent - 1), x.shape.with(at, count))]
      case 'reflect': return [flip(ahead ? slice(x, at, 1, count + 1) : slice(x, at, extent - 1 - count, extent - 1), [at])]
      case 'circular': return [ahead ? slice(x, at, extent - count) : slice(x, at, 0, count)]
    }
  }
})
