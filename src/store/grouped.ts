/** Values by key, keys and values in the order in which they came. */
export function grouped<T>(values: Iterable<T>, keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    const members = groups.get(key)
    if (members === undefined) groups.set(key, [value])
    else members.push(value)
  }
  return groups
}
