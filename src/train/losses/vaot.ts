import {
  abs, add, arange, constant, div, exp, log, matmul, max, mean, mul, neg, type Node, reshape, slice, softmax, stopGradient, sub, sum, transpose,
} from '../../engine/index.ts'
import type { Loss } from './loss.ts'
import { cosines, hiddenColumns, meanPerRow, timeDifferences, viewsOf } from './pairs.ts'
import { equalShares, sinkhorn, withVirtual } from './transport.ts'

export type VaotOptions = {
  /** Cosines are divided by it before the softmax. VAOT: 0.1. */
  readonly temperature: number
  /** Weight of the temporal prior, |i / N - j / M|. VAOT: 0.35. */
  readonly rho: number
  /** Cost of a frame matched to the virtual one. VAOT: 0.5. */
  readonly zeta: number
  /** Share of the structural (Gromov-Wasserstein) cost. VAOT: 0.3. */
  readonly alpha: number
  /** Weight of the entropy. VAOT: 0.07. */
  readonly epsilon: number
  /** Frames within this share of the view are neighbours to the structural cost. VAOT: 0.02. */
  readonly radius: number
  /** Of the plan. VAOT: 25. */
  readonly steps: number
  /** Iterations that bring a step's plan back to its marginals. VAOT: 1. */
  readonly sinkhorn: number
  /**
   * `as-released`: neighbours are floor(radius (T + 1)) frames apart, none in views of fewer than 49 frames at 0.02 (VAOT trains on 20), where the structural cost is 0; `at-least-one`: the
   * frames beside a frame always are.
   */
  readonly structure: 'as-released' | 'at-least-one'
  /** `as-released`: a step is exp(-cost / epsilon), whatever the plan before it but for the structural cost; `mirror`: the mirror step that the release computes and overwrites. */
  readonly step: 'as-released' | 'mirror'
}

/**
 * Frames of the first view should match frames of the second as an optimal transport says, which is computed from the same cosines without derivative:
 * -sum_j T_ij log(P_ij + 1e-11), P = softmax_j(cosine / temperature). Mean over frames, then clips. Tran et al., Joint Self-Supervised Video Alignment and Action Segmentation, ICCV 2025 (VAOT,
 * `train.py`). Unlike there, padding is no candidate.
 */
export function vaot(options: VaotOptions): Loss {
  return ({ projection }, batch) => {
    const { first, second } = viewsOf(projection, batch)
    const similarity = cosines(first.projection, second.projection)
    const match = softmax(add(div(similarity, options.temperature), hiddenColumns(second.mask)))
    const wanted = vaotPlan(similarity, { rows: first.mask, columns: second.mask }, options)
    return mean(meanPerRow(neg(sum(mul(wanted, log(add(match, 1e-11))), [2])), first.mask), [0])
  }
}

/**
 * The pseudo-labels T [B, N, M] of VAOT from cosines [B, N, M] and which rows [B, N] and columns [B, M] are frames: the balanced fused Gromov-Wasserstein plan between the frames of both views
 * and one virtual frame each, times the frames of the first, without the virtual ones. No derivative flows (`asot.py`).
 */
export function vaotPlan(similarity: Node, masks: { readonly rows: Node; readonly columns: Node }, options: VaotOptions): Node {
  const { rho, zeta, alpha, epsilon, steps, sinkhorn: iterations, step } = options
  const [clips, n, m] = similarity.shape as [number, number, number]
  const [rows, columns] = [withVirtual(masks.rows, [1], 1), withVirtual(masks.columns, [1], 1)]
  const [ofRows, ofColumns] = [equalShares(rows), equalShares(columns)]
  const real = mul(reshape(rows, [clips, n + 1, 1]), reshape(columns, [clips, 1, m + 1]))
  const cost = withVirtual(add(sub(1, stopGradient(similarity)), mul(temporalPrior(masks), rho)), [1, 2], zeta)
  const structural = structuralCost(n + 1, m + 1, options)
  const costOf = (plan: Node): Node => (structural === null ? mul(cost, 1 - alpha) : add(mul(structural(plan), alpha), mul(cost, 1 - alpha)))

  let plan = mul(ofRows, transpose(ofColumns, [0, 2, 1]))
  const size = step === 'mirror' ? stepSize(gradientOf(plan, costOf(plan), epsilon), real) : null
  // a softmax: exp(-cost / epsilon) but for a factor per row, which the first scaling takes out again. Without structure every step as released is the first one
  for (let i = 0; i < (structural === null && size === null ? 1 : steps); i++) {
    const now = costOf(plan)
    const kernel = size === null ? mul(softmax(add(div(now, -epsilon), hiddenColumns(columns))), real) : mul(plan, exp(neg(mul(size, gradientOf(plan, now, epsilon)))))
    const { u, v } = sinkhorn(kernel, { rows: ofRows, columns: ofColumns, iterations })
    plan = mul(mul(kernel, u), transpose(v, [0, 2, 1]))
  }
  const frames = slice(slice(plan, 1, 1, n + 1), 2, 1, m + 1)
  return mul(frames, reshape(sum(rows, [1]), [clips, 1, 1]))
}

/** |i / N - j / M| of the frames i of N and j of M, [B, n, m]. */
function temporalPrior({ rows, columns }: { readonly rows: Node; readonly columns: Node }): Node {
  return abs(timeDifferences(shares(rows), shares(columns)))
}

/** 0, 1 / N, 2 / N, ... [B, n] with N the frames of the view. */
function shares(mask: Node): Node {
  return div(arange(mask.shape[1]!), sum(mask, [1], { keepDims: true }))
}

/**
 * C_x T C_y of a plan T [B, n, m]: C_x is 1 / radius between neighbours and 0 else, C_y is 0 between neighbours and 1 else, of a frame with itself too. null where no frame has a neighbour.
 */
function structuralCost(n: number, m: number, { radius, structure }: VaotOptions): ((plan: Node) => Node) | null {
  const reach = (frames: number): number => Math.max(Math.floor(frames * radius), structure === 'at-least-one' ? 1 : 0)
  if (reach(n) === 0) return null
  const band = (frames: number, inside: number, outside: number): Node => constant({
    shape: [frames, frames],
    data: Float32Array.from({ length: frames ** 2 }, (_, k) => {
      const apart = Math.abs(Math.floor(k / frames) - (k % frames))
      return apart >= 1 && apart <= reach(frames) ? inside : outside
    }),
  })
  const [ofRows, ofColumns] = [band(n, 1 / radius, 0), band(m, 0, 1)]
  return (plan) => matmul(matmul(ofRows, plan), ofColumns)
}

/** Of the objective: its cost and, of the entropy, epsilon log T. */
function gradientOf(plan: Node, cost: Node, epsilon: number): Node {
  return add(cost, mul(log(add(plan, 1e-12)), epsilon))
}

/** 4 over the largest gradient at the start, in size, per clip **[I]**: as released it is the largest one, which is below 0 where all costs are small. */
function stepSize(gradient: Node, real: Node): Node {
  return div(4, max(mul(abs(gradient), real), [1, 2], { keepDims: true }))
}
