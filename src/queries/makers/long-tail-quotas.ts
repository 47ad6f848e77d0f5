/** A class and how many of it there are, or are kept. */
export type ClassCount = { readonly action: string; readonly recordings: number }

/**
 * How many of each class are kept so that frequencies fall exponentially, the commonest `factor` times as common as the rarest: class i of C, the largest first (then by
 * name), keeps min(n_i, max(1, floor(n_0 factor^(-i / (C - 1))))). Exact: floor by whole numbers, m^(C-1) factor^i <= n_0^(C-1).
 * Cui, Jia, Lin, Song, Belongie, Class-Balanced Loss Based on Effective Number of Samples, CVPR 2019, section 4 (long-tailed CIFAR); there all classes are equally large.
 */
export function longTailQuotas(classes: readonly ClassCount[], factor: number): ClassCount[] {
  const sorted = classes.toSorted((a, b) => b.recordings - a.recordings || (a.action < b.action ? -1 : 1))
  const steps = BigInt(Math.max(1, sorted.length - 1))
  const bound = BigInt(sorted[0]!.recordings) ** steps
  return sorted.map(({ action, recordings }, i) => {
    const weight = BigInt(factor) ** BigInt(i)
    let [low, high] = [1, sorted[0]!.recordings + 1]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (BigInt(middle) ** steps * weight <= bound) low = middle
      else high = middle
    }
    return { action, recordings: Math.min(recordings, low) }
  })
}
