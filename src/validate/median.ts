/** The median of the finite values; NaN when there is none. Even counts: the mean of the two in the middle. */
export function median(values: ArrayLike<number>): number {
  const finite = new Float64Array(values.length)
  let count = 0
  for (let at = 0; at < values.length; at++) if (Number.isFinite(values[at]!)) finite[count++] = values[at]!
  if (count === 0) return NaN
  const middle = count >> 1
  const upper = select(finite, count, middle)
  if (count % 2 === 1) return upper
  let lower = -Infinity
  for (let at = 0; at < middle; at++) if (finite[at]! > lower) lower = finite[at]!
  return (lower + upper) / 2
}

/** The value that would stand at `place` if the first `count` values were sorted; smaller or equal ones are then before it. Hoare, Algorithm 65: find, 1961. */
function select(values: Float64Array, count: number, place: number): number {
  let [low, high] = [0, count - 1]
  while (low < high) {
    const pivot = values[place]!
    let [left, right] = [low, high]
    while (left <= right) {
      while (values[left]! < pivot) left++
      while (values[right]! > pivot) right--
      if (left > right) break
      const value = values[left]!
      values[left++] = values[right]!
      values[right--] = value
    }
    if (right < place) low = left
    if (left > place) high = right
  }
  return values[place]!
}
