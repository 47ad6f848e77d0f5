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
import { sum } from './sum.ts'
import { tanh } from './tanh.ts'
import { transposeLast } from './transpose.ts'
import { withGradient } from './with-gradient.ts'

/**
 * D units of H numbers side by side (both directions of a layer). What they add up before their gates r, z and n open: of the input, `gates` [T, D, B, 3H]; from the state before,
 * which is `initial` [D, B, H] at first, by `weight` [D, 3H, H] and `bias` [D, 3H].
 */
export type GruInputs = { readonly gates: Node; readonly initial: Node; readonly weight: Node; readonly bias: Node }

/**
 * States [T, D, B, H] of gated recurrent units in PyTorch's form: r, z = sigmoid(gates + W h + b), n = tanh(gates_n + r (W_n h + b_n)), h' = (1 - z) n + z h. The
 * derivative is in closed form: a step back is one product, and the weights' derivative one for all steps. Cho et al., Learning Phrase Representations, 2014.
 */
export const gru = checked('gru', {
  inputs: options({ gates: node, initial: node, weight: node, bias: node }, ['gates', 'initial', 'weight', 'bias']),
}, (inputs: GruInputs): Node => {
  const { gates, initial, weight, bias } = inputs
  const [units, batch, width] = initial.shape as [number, number, number]
  const shapes = [gates.shape, initial.shape, weight.shape, bias.shape]
  const fits = shapes.join(' ') === [[gates.shape[0], units, batch, 3 * width], [units, batch, width], [units, 3 * width, width], [units, 3 * width]].join(' ')
  if (!fits || gates.shape[0] === 0) throw shapeError('gru', 'they are not gates [T, D, B, 3H], initial [D, B, H], weight [D, 3H, H] and bias [D, 3H]', gates, initial, weight, bias)
  const states = stepped(inputs)
  return withGradient('gru', states, [gates, initial, weight, bias], (upstream) => {
    const { before, z, slopes, hiddenSlopes } = slopesOf(inputs, states)
    const arriving = carriedBack(upstream, [z, hiddenSlopes], (later, open, slope) => earlier(later, open!, timesEach(later, slope!), weight))
    const [ofGates, ofHidden] = [timesEach(arriving, slopes), timesEach(arriving, hiddenSlopes)]
    const first = earlier(slice(arriving, 0, 0, 1), slice(z, 0, 0, 1), slice(ofHidden, 0, 0, 1), weight)
    return [ofGates, reshape(first, initial.shape), matmul(transposeLast(rowsOf(ofHidden)), rowsOf(before)), sum(ofHidden, [0, 2])]
  })
})

function stepped({ gates, initial, weight, bias }: GruInputs): Node {
  const width = initial.shape[2]!
  const [across, added] = [transposeLast(weight), besideBatch(bias)]
  const [opening, candidate] = split(gates, [2 * width, width], 3)
  return scan({ initial, sequences: [opening!, candidate!] }, (h, opens, offers) => {
    const [ofOpening, ofCandidate] = split(add(matmul(h, across), added), [2 * width, width], 2)
    const [r, z] = split(sigmoid(add(opens!, ofOpening!)), 2, 2)
    const n = tanh(add(offers!, mul(r!, ofCandidate!)))
    return add(mul(sub(1, z!), n), mul(z!, h))
  })
}

/** For all steps at once: the derivatives of a state by what its gates add up, of the input and from the state before, [T, D, B, 3H] each; z and the states before [T, D, B, H]. */
function slopesOf({ gates, initial, weight, bias }: GruInputs, states: Node): { before: Node; z: Node; slopes: Node; hiddenSlopes: Node } {
  const width = states.shape[3]!
  const before = statesBefore(initial, states)
  const hidden = add(matmul(before, transposeLast(weight)), besideBatch(bias))
  const [opening, candidate] = split(gates, [2 * width, width], 3)
  const [ofOpening, ofCandidate] = split(hidden, [2 * width, width], 3)
  const [r, z] = split(sigmoid(add(opening!, ofOpening!)), 2, 3) as [Node, Node]
  const n = tanh(add(candidate!, mul(r, ofCandidate!)))
  const slopeN = mul(sub(1, z), sub(1, square(n)))
  const slopeR = mul(mul(slopeN, ofCandidate!), mul(r, sub(1, r)))
  const slopeZ = mul(sub(before, n), mul(z, sub(1, z)))
  return { before, z, slopes: concat([slopeR, slopeZ, slopeN], 3), hiddenSlopes: concat([slopeR, slopeZ, mul(slopeN, r)], 3) }
}

/** What a state's derivative sends to the state before. */
function earlier(arriving: Node, z: Node, ofHidden: Node, weight: Node): Node {
  return add(mul(arriving, z), matmul(ofHidden, weight))
}

/** [..., H] times each of the three parts of [..., 3H]. */
function timesEach(x: Node, parts: Node): Node {
  return mul(concat([x, x, x], -1), parts)
}

/** [D, n] -> [D, 1, n]. */
function besideBatch(bias: Node): Node {
  return reshape(bias, [bias.shape[0]!, 1, bias.shape[1]!])
}
