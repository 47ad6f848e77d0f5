import type { Tensor } from '../tensor.ts'

/**
 * What a step is fed, cut into `count` parts of equally many clips. Rows b and b + B are the two views of clip b, so a part has its share of the first half and the same of the second.
 * Losses are means over clips: that of the whole is the mean of the parts'. A single number is of every part.
 */
export function microBatches(feeds: Readonly<Record<string, Tensor>>, { rows, count }: { rows: number; count: number }): Record<string, Tensor>[] {
  if (count === 1) return [feeds]
  const share = rows / 2 / count
  return Array.from({ length: count }, (_, part) => Object.fromEntries(Object.entries(feeds).map(([name, { shape, data }]) => {
    if (shape.length === 0) return [name, { shape, data }]
    if (shape[0] !== rows) throw new Error(`"${name}" [${shape.join(', ')}] does not have ${rows} rows`)
    const row = data.length / rows
    const own = new Float32Array(2 * share * row)
    for (const half of [0, 1]) {
      const start = (half * rows) / 2 + part * share
      own.set(data.subarray(start * row, (start + share) * row), half * share * row)
    }
    return [name, { shape: [2 * share, ...shape.slice(1)], data: own }]
  })))
}
