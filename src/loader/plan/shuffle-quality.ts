/** A measure of an order, the mean of it over all orders, and how far one order is from that: about two thirds lie within one deviation. */
export type Measured = { readonly value: number; readonly expected: number; readonly deviation: number }

/** How well an order is shuffled, against one drawn evenly from all orders. */
export type ShuffleQuality = {
  readonly samples: number
  /** Correlation of the place of a sample in the table with that of the one after it: 1 = as stored. */
  readonly serial: Measured
  /** Mean distance in the table of two samples that follow one another: 1 = as stored. */
  readonly distance: Measured
  /** Entropy of the part of the table the next sample is from, when that of this one is known, as a share of the largest: 0 = foretold, 1 = open. */
  readonly neighbours: Measured & { readonly parts: number }
  /** Rank correlation of when a sample comes in this epoch and in the next: 1 = the same order again. null = no other epoch of as many samples was given. */
  readonly epochs: Measured | null
}

/** Fewer samples than this say nothing. */
const fewest = 8

/**
 * Measures the rows of an epoch in the order in which they come; `next` are those of another epoch. Where a row comes several times (windows, repeats) the
 * earlier counts as stored before the later. null = fewer than 8 samples.
 */
export function shuffleQuality(rows: ArrayLike<number>, next: ArrayLike<number> | null = null): ShuffleQuality | null {
  if (rows.length < fewest) return null
  const stored = ranks(rows)
  return {
    samples: rows.length,
    serial: serialCorrelation(stored),
    distance: meanDistance(stored),
    neighbours: neighbourEntropy(stored),
    epochs: next?.length === rows.length ? epochCorrelation(stored, ranks(next)) : null,
  }
}

/** 0 .. n - 1 in the order of the numbers, equal ones in the order in which they come. */
function ranks(numbers: ArrayLike<number>): Uint32Array {
  const ranks = new Uint32Array(numbers.length)
  // number and place in one, which sorts as numbers do; rows are below 2^26 where n is
  const keys = Float64Array.from(numbers, (number, place) => number * numbers.length + place).sort()
  keys.forEach((key, rank) => { ranks[key % numbers.length] = rank })
  return ranks
}

/**
 * Sum of (x_i - m)(x_i+1 - m) over sum of (x_i - m)^2: in the mean -1/n exactly, since each of the n - 1 products is -variance / (n - 1) in the mean;
 * deviation 1 / sqrt n.
 */
function serialCorrelation(order: Uint32Array): Measured {
  const n = order.length
  const mean = (n - 1) / 2
  let sum = 0
  for (let i = 1; i < n; i++) sum += (order[i - 1]! - mean) * (order[i]! - mean)
  return { value: sum / ((n * (n * n - 1)) / 12), expected: -1 / n, deviation: 1 / Math.sqrt(n) }
}

/** In the mean (n + 1) / 3 exactly; deviation sqrt(2 n / 45), the variance of |x - y| less what row and column means explain (Hoeffding 1951). */
function meanDistance(order: Uint32Array): Measured {
  const n = order.length
  let sum = 0
  for (let i = 1; i < n; i++) sum += Math.abs(order[i]! - order[i - 1]!)
  return { value: sum / (n - 1), expected: (n + 1) / 3, deviation: Math.sqrt((2 * n) / 45) }
}

/**
 * With b parts of the table, 2 (n - 1) ln 2 times what two neighbours tell of one another is about chi-square with (b - 1)^2 degrees of freedom (the G test):
 * mean and deviation follow. b is chosen so that each pair of parts is met 16 times.
 */
function neighbourEntropy(order: Uint32Array): Measured & { parts: number } {
  const n = order.length
  const parts = Math.min(16, Math.max(2, Math.floor(Math.sqrt(n / 16))))
  const pairs = new Float64Array(parts * parts)
  const firsts = new Float64Array(parts)
  const partOf = (i: number): number => Math.floor((order[i]! * parts) / n)
  for (let i = 1; i < n; i++) {
    pairs[partOf(i - 1) * parts + partOf(i)]!++
    firsts[partOf(i - 1)]!++
  }
  const largest = Math.log2(parts)
  return {
    parts,
    value: (entropy(pairs) - entropy(firsts)) / largest,
    expected: 1 - (parts - 1) ** 2 / (2 * (n - 1) * Math.log(parts)),
    deviation: (parts - 1) / (Math.SQRT2 * (n - 1) * Math.log(parts)),
  }
}

/** Bits. */
function entropy(counts: Float64Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.reduce((sum, count) => (count === 0 ? sum : sum - (count / total) * Math.log2(count / total)), 0)
}

/** Spearman's rho of the places of a sample in two epochs: in the mean 0, deviation 1 / sqrt(n - 1). */
function epochCorrelation(first: Uint32Array, second: Uint32Array): Measured {
  const n = first.length
  const places = new Uint32Array(n)
  second.forEach((sample, place) => { places[sample] = place })
  let sum = 0
  for (let place = 0; place < n; place++) sum += (place - places[first[place]!]!) ** 2
  return { value: 1 - (6 * sum) / (n * (n * n - 1)), expected: 0, deviation: 1 / Math.sqrt(n - 1) }
}
