import {
  add, arange, concat, constant, conv3d, div, einsum, elu, equal, floor, gather, logSumExp, matmul, max, minimum, mul, neg, type Node, norm, reshape, scan, scaledDotProductAttention,
  sigmoid, sin, slice, softmax, split, square, squeeze, stack, sub, sum, tanh, topK, transpose, transposeLast, unsqueeze, where,
} from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

/** What the field's models and losses are made of that is no operation of its own: each as it is composed of operations (docs/model-operations.md). */
export const cases: readonly Case[] = [
  { title: 'spatial graph convolution: x [N, K C, T, V] by K masked adjacencies [K, V, V]', shapes: [[2, 6, 2, 4], [3, 4, 4], [3, 4, 4]], make: graphConvolution },
  { title: 'channel-wise adjacency from differences of joints', shapes: [[2, 3, 4], [2, 3, 4], [2, 3, 2, 4]], make: channelwise },
  { title: 'edge convolution over the nearest joints', shapes: [[1, 4, 2]], make: (x) => edges(x!) },
  { title: 'gate and shift of channels in time', shapes: [[1, 4, 3, 2, 2], [2, 2, 3, 3, 3]], make: (x, w) => gateShift(x!, w!) },
  { title: 'linear attention with elu + 1', shapes: [[1, 3, 2], [1, 4, 2], [1, 4, 3]], make: (q, k, v) => linearAttention(q!, k!, v!) },
  { title: 'attention in windows of time and joints with a learned relative bias', shapes: [[1, 4, 4, 2], [3, 1]], make: (x, table) => windowed(x!, table!) },
  { title: 'a GRU of Keras, reset before the product', shapes: [[3, 2, 2, 3], [2, 2], [3, 2, 2]], make: (x, initial, w) => kerasGru(x!, initial!, w!) },
  { title: 'trilinear samples of a volume', shapes: [[1, 2, 3, 3, 3], [1, 4, 3]], above: 0.1, spread: 0.8, make: (volume, places) => trilinear(volume!, places!) },
  { title: 'Rodrigues\' rotation', shapes: [[2, 3]], webgpuAtol: 2 ** -11, make: (axis) => rodrigues(axis!) },
  { title: 'Rodrigues\' rotation of nothing', shapes: [[1, 3]], feeds: [[0, 0, 0]], make: (axis) => rodrigues(axis!) },
  { title: 'Sinkhorn\'s transport by steps in logarithms', shapes: [[3, 4]], make: (cost) => sinkhorn(cost!) },
]

/** Yan et al., ST-GCN, AAAI 2018. */
function graphConvolution(x?: Node, adjacency?: Node, importance?: Node): Node {
  return einsum('nkctv,kvw->nctw', reshape(x!, [2, 3, 2, 2, 4]), mul(adjacency!, importance!))
}

/** Chen et al., CTR-GC, ICCV 2021: a [N, C, V], b [N, C, V], x [N, C, T, V]. */
function channelwise(a?: Node, b?: Node, x?: Node): Node {
  return einsum('ncuv,nctv->nctu', tanh(sub(unsqueeze(a!, [3]), unsqueeze(b!, [2]))), x!)
}

/** Wang et al., Dynamic Graph CNN, 2019: of each joint of x [N, V, C] the largest of its differences from the 2 nearest others. */
function edges(x: Node): Node {
  const apart = sum(square(sub(unsqueeze(x, [2]), unsqueeze(x, [1]))), [3])
  const { indices } = topK(apart, 3, { largest: false })
  const near = gather(x, slice(indices, 2, 1, 3), 1, { batchAxes: 1 })
  return max(mul(sub(near, unsqueeze(x, [2])), unsqueeze(x, [2])), [2])
}

/** Sudhakaran et al., Gate-Shift Networks, CVPR 2020: x [N, C, T, H, W]; one gate for each half of the channels, one half moved on in time, one back. */
function gateShift(x: Node, w: Node): Node {
  const gates = tanh(conv3d(x, w, { padding: 1, groups: 2 }))
  const halves = split(x, 2, 1).map((half, i) => ({ half, gated: mul(half, slice(gates, 1, i, i + 1)) }))
  const none = constant({ shape: [1, 2, 1, 2, 2], data: new Float32Array(8) })
  const moved = halves.map(({ gated }, i) => (i === 0 ? concat([slice(gated, 2, 1), none], 2) : concat([none, slice(gated, 2, 0, -1)], 2)))
  const kept = halves.map(({ half, gated }) => sub(half, gated))
  return reshape(stack(moved.map((one, i) => add(one, kept[i]!)), 2), x.shape)
}

/** Katharopoulos et al., ICML 2020, as LoFTR and CASA have it: q [B, L, d], k [B, S, d], v [B, S, e]. */
function linearAttention(q: Node, k: Node, v: Node): Node {
  const [phiQ, phiK] = [add(elu(q), 1), add(elu(k), 1)]
  const weight = matmul(phiQ, transposeLast(sum(phiK, [1], { keepDims: true })))
  return div(matmul(phiQ, matmul(transposeLast(phiK), v)), add(weight, 1e-6))
}

/** Do et al., SkateFormer, ECCV 2024: windows of 2 frames and 2 joints of x [N, T, V, d] attend to themselves; the bias is read from a table of the distances in time -1, 0 and 1. */
function windowed(x: Node, table: Node): Node {
  const [cut, order] = [[1, 2, 2, 2, 2, 2], [0, 1, 3, 2, 4, 5]]
  const windows = reshape(transpose(reshape(x, cut), order), [4, 4, 2])
  const bias = reshape(gather(table, constant({ shape: [16], data: Float32Array.of(1, 1, 0, 0, 1, 1, 0, 0, 2, 2, 1, 1, 2, 2, 1, 1) })), [1, 4, 4])
  return reshape(transpose(reshape(scaledDotProductAttention(windows, windows, windows, { bias }), cut), order), x.shape)
}

/** The form of Cho et al., 2014, and of Keras before 2.4: n = tanh(x_n + W_n (r h)); x [T, B, H, 3], w [3, H, H]. */
function kerasGru(x: Node, initial: Node, w: Node): Node {
  const of = (gate: number): Node => squeeze(slice(w, 0, gate, gate + 1), [0])
  return scan({ initial, sequences: [x] }, (h, part) => {
    const [opens, resets, offers] = split(part!, 3, 2).map((one) => squeeze(one, [2]))
    const [z, r] = [sigmoid(add(opens!, matmul(h, of(0)))), sigmoid(add(resets!, matmul(h, of(1))))]
    return add(mul(z, h), mul(sub(1, z), tanh(add(offers!, matmul(mul(r, h), of(2))))))
  })
}

/** Values [N, P, C] of a volume [N, C, 3, 3, 3] at places [N, P, 3] in voxels from 0 to 2, from the 8 around each. */
function trilinear(volume: Node, places: Node): Node {
  const flat = transpose(reshape(volume, [1, 2, 27]), [0, 2, 1])
  const low = minimum(floor(places), 1)
  const part = sub(places, low)
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => {
    const offset = constant({ shape: [3], data: Float32Array.of(corner >> 2, (corner >> 1) & 1, corner & 1) })
    const index = sum(mul(add(low, offset), constant({ shape: [3], data: Float32Array.of(9, 3, 1) })), [2])
    const weights = split(where(equal(offset, 1), part, sub(1, part)), 3, 2)
    return mul(gather(flat, index, 1, { batchAxes: 1 }), weights.reduce((product, one) => mul(product, one)))
  })
  return corners.reduce((all, one) => add(all, one))
}

/** Rotations [B, 3, 3] about axes as long as their angles, [B, 3]; the identity, with its derivative, at 0. */
function rodrigues(axis: Node): Node {
  const angle = reshape(norm(axis, [1]), [axis.shape[0]!, 1, 1])
  const turns = equal(angle, 0)
  const safe = where(turns, 1, angle)
  const [x, y, z] = split(axis, 3, 1).map((one) => reshape(one, [axis.shape[0]!, 1]))
  const zero = mul(x!, 0)
  const cross = reshape(concat([zero, neg(z!), y!, z!, zero, neg(x!), neg(y!), x!, zero], 1), [axis.shape[0]!, 3, 3])
  const [first, second] = [where(turns, 1, div(sin(safe), safe)), where(turns, 0.5, div(mul(2, square(sin(mul(safe, 0.5)))), square(safe)))]
  const identity = constant({ shape: [3, 3], data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) })
  return add(identity, add(mul(first, cross), mul(second, matmul(cross, cross))))
}

/** Cuturi, Sinkhorn Distances, NeurIPS 2013: 20 steps between uniform marginals of costs [n, m], temperature 0.5, as the transport plan. */
function sinkhorn(cost: Node): Node {
  const scores = mul(cost, -2)
  const potentials = scan({ initial: constant({ shape: [4], data: new Float32Array(4) }), sequences: [arange(20)] }, (v) => {
    const u = neg(logSumExp(add(scores, v), [1], { keepDims: true }))
    return neg(logSumExp(add(scores, u), [0]))
  })
  const v = squeeze(slice(potentials, 0, -1), [0])
  return mul(softmax(add(scores, v), 1), 1 / 3)
}
