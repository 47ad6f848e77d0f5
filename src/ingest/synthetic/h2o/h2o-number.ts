/** A double as Python's repr writes it, which is how H2O's text files came to be: shortest digits that read back, `1.0`, `1e-05`, `-0.0`. Finite ones only. */
export function h2oNumber(value: number): string {
  const [digits, power] = value.toExponential().split('e') as [string, string]
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  const text = Object.is(value, -0) ? '-0' : String(value)
  return text.includes('.') ? text : `${text}.0`
}
