/** A finite float32 by the fewest digits, from six on, that read back as it. */
export function floatText(value: number): string {
  const exact = String(value)
  if (exact.length <= 7) return exact
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits))
    if (Math.fround(text) === value) return String(text)
  }
  return String(Number(value.toPrecision(9)))
}
