import { node, options } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { add } from './add.ts'
import { concat } from './concat.ts'
import { matmul } from './matmul.ts'
import { mul } from './mul.ts'
import { carriedBack, rowsOf, statesBefore } from './recurrence.ts'
import { reshape } from './reshape.ts'
import { scan } from './scan.ts'
import { sigmoid } from './sigmoid.ts'
import { slice } from './slice.ts'
import { split } from './split.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { tanh } from './tanh.ts'
import { transposeLast } from './transpose.ts'
import { where } from './where.ts'
import { withGradient } from './with-gradient.ts'

/**
 * D units of H numbers side by side (both directions of a layer). What they add up before their gates i, f, g and o open: of the input, `gates` [T, D, B, 4H]; of the state before, which
 * is `initial` [D, B, H] at first, by `weight` [D, 4H, H]. `initialCell` [D, B, H]. `keep` [T, D, B, 1]: where it is 0 state and cell stay as they are.
 */
export type LstmInputs = { readonly gates: Node; readonly initial: Node; readonly initialCell: Node; readonly weight: Node; readonly keep?: Node }

/**
 * States and cells [T, D, B, H] of long short-term memory in PyTorch's form: i, f, o = sigmoid(gates + W h), g = tanh(gates_g + W_g h), c' = f c + i g, h' = o tanh(c'). The derivative is
 * in closed form: a step back is one product, and the weights' derivative one for all steps. Hochreiter & Schmidhuber, 1997; Gers et al., Learning to Forget, 2000.
 */
export const lstm = checked('lstm', {
  inputs: options({ gates: node, initial: node, initialCell: node, weight: node, keep: node }, ['gates', 'initial', 'initialCell', 'weight']),
}, (inputs: LstmInputs): { readonly states: Node; readonly cells: Node } => {
  const { gates, initial, initialCell, weight, keep } = inputs
  const [units, batch, width] = initial.shape as [number, number, number]
  const given = [gates, initial, initialCell, weight, ...(keep === undefined ? [] : [keep])]
  const wanted = [[gates.shape[0], units, batch, 4 * width], [units, batch, width], [units, batch, width], [units, 4 * width, width], [gates.shape[0], units, batch, 1]]
  const fits = given.every(({ shape }, i) => shape.join() === wanted[i]!.join())
  if (!fits || gates.shape[0] === 0) throw shapeError('lstm', 'they are not gates [T, D, B, 4H], initial and initialCell [D, B, H], weight [D, 4H, H] and, if any, keep [T, D, B, 1]', ...given)
  const start = concat([initial, initialCell], 2)
  const both = stepped(inputs, start)
  const differentiable = withGradient('lstm', both, [gates, start, weight], (upstream) => {
    const before = statesBefore(start, both)
    const slopes = slopesOf(inputs, before)
    const arriving = carriedBack(upstream, Object.values(slopes), (later, ...parts) => earlier(later, named(parts), weight))
    const ofGates = gatesOf(arriving, cellOf(arriving, slopes), slopes)
    const first = earlier(slice(arriving, 0, 0, 1), named(Object.values(slopes).map((one) => slice(one, 0, 0, 1))), weight)
    return [ofGates, reshape(first, start.shape), matmul(transposeLast(rowsOf(ofGates)), rowsOf(slice(before, -1, 0, width)))]
  })
  const [states, cells] = split(differentiable, 2, 3)
  return { states: states!, cells: cells! }
})

/** State and cell side by side, [T, D, B, 2H]. */
function stepped({ gates, weight, keep }: LstmInputs, initial: Node): Node {
  const across = transposeLast(weight)
  return scan({ initial, sequences: [gates, ...(keep === undefined ? [] : [keep])] }, (both, part, kept) => {
    const [h, c] = split(both, 2, 2)
    const { i, f, g, o } = opened(add(part!, matmul(h!, across)))
    const cell = add(mul(f, c!), mul(i, g))
    const after = concat([mul(o, tanh(cell)), cell], 2)
    return kept === undefined ? after : where(kept, after, both)
  })
}

function opened(summed: Node): { i: Node; f: Node; g: Node; o: Node } {
  const [first, candidate, last] = split(summed, [summed.shape.at(-1)! / 2, summed.shape.at(-1)! / 4, summed.shape.at(-1)! / 4], -1)
  const [i, f] = split(sigmoid(first!), 2, -1)
  return { i: i!, f: f!, g: tanh(candidate!), o: sigmoid(last!) }
}

/**
 * For all steps at once: the derivatives of a cell by the state's own [T, D, B, H] and by the cell before, of what the gates add up by the cell's (i, f, g) and the state's (o)
 * derivative [T, D, B, 4H]; `held` [T, D, B, 1] is 1 where a step leaves all as it is.
 */
type Slopes = { readonly cell: Node; readonly forget: Node; readonly gates: Node; readonly held?: Node }

function slopesOf({ gates, weight, keep }: LstmInputs, before: Node): Slopes {
  const [h, c] = split(before, 2, 3)
  const { i, f, g, o } = opened(add(gates, matmul(h!, transposeLast(weight))))
  const bounded = tanh(add(mul(f, c!), mul(i, g)))
  const slopes = [mul(g, mul(i, sub(1, i))), mul(c!, mul(f, sub(1, f))), mul(i, sub(1, square(g))), mul(bounded, mul(o, sub(1, o)))]
  return { cell: mul(o, sub(1, square(bounded))), forget: f, gates: concat(slopes, 3), ...(keep === undefined ? {} : { held: where(keep, 0, 1) }) }
}

function named([cell, forget, gates, held]: readonly Node[]): Slopes {
  return { cell: cell!, forget: forget!, gates: gates!, ...(held === undefined ? {} : { held }) }
}

/** What the derivative of state and cell [..., 2H] sends to those before. */
function earlier(arriving: Node, slopes: Slopes, weight: Node): Node {
  const ofCell = cellOf(arriving, slopes)
  const sent = concat([matmul(gatesOf(arriving, ofCell, slopes), weight), mul(ofCell, slopes.forget)], -1)
  return slopes.held === undefined ? sent : where(slopes.held, arriving, sent)
}

/** What it sends to what the gates add up, [..., 4H]. */
function gatesOf(arriving: Node, ofCell: Node, { gates, held }: Slopes): Node {
  const sent = mul(concat([ofCell, ofCell, ofCell, slice(arriving, -1, 0, ofCell.shape.at(-1)!)], -1), gates)
  return held === undefined ? sent : where(held, 0, sent)
}

/** The whole derivative of a cell: its own and that by way of its state. */
function cellOf(arriving: Node, { cell }: Slopes): Node {
  const [ofState, own] = split(arriving, 2, -1)
  return add(own!, mul(ofState!, cell))
}
