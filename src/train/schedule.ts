/** How the learning rate moves over a run. `constant` and `cosine` start with a linear warm-up; `one-cycle` has its own. */
export type Schedule = {
  readonly kind: 'one-cycle' | 'cosine' | 'constant'
  /** The highest learning rate. */
  readonly learningRate: number
  /** Share of the steps in which it rises. */
  readonly warmUp: number
}

/**
 * The learning rate of step 0 .. steps - 1. `one-cycle`: by half cosines from 1/25 up to the highest and down to 1/250,000 of it, where PyTorch's
 * OneCycleLR ends too (Smith and Topin, Super-Convergence, 2018). `cosine`: down to 0 (Loshchilov and Hutter, SGDR, 2017).
 */
export function learningRateAt(step: number, steps: number, { kind, learningRate, warmUp }: Schedule): number {
  const rising = warmUp * steps
  if (kind === 'one-cycle') {
    const peak = Math.max(0, rising - 1)
    return step <= peak
      ? halfCosine(learningRate / 25, learningRate, peak === 0 ? 1 : step / peak)
      : halfCosine(learningRate, learningRate / 250_000, (step - peak) / Math.max(1, steps - 1 - peak))
  }
  if (step < rising) return (learningRate * (step + 1)) / Math.ceil(rising)
  return kind === 'constant' ? learningRate : halfCosine(learningRate, 0, (step - rising) / Math.max(1, steps - rising))
}

/** From `start` (at 0) to `end` (at 1). */
function halfCosine(start: number, end: number, share: number): number {
  return end + ((start - end) / 2) * (1 + Math.cos(Math.PI * share))
}
