import { ToolkitError } from '../errors.ts'

/** `name=value` pairs by name; the value goes on after further equals signs. Throws E_SQL_VALUE. */
export function valuesOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf('=')
    if (at < 1) throw new ToolkitError('E_SQL_VALUE', `"${pair}" gives no value`, { hint: 'name=value, such as clip=penn-action/0001' })
    return [pair.slice(0, at), pair.slice(at + 1)]
  }))
}
