import { unknownName } from '../errors.ts'
import type { Check } from './check.ts'
import { checks } from './checks/index.ts'

/** The checks with the codes of `select` (none = all) but for those of `ignore`. Throws E_CHECK_UNKNOWN with the nearest code. */
export function selectChecks({ select = [], ignore = [] }: { select?: readonly string[]; ignore?: readonly string[] }): readonly Check[] {
  const codes = checks.map(({ code }) => code)
  for (const code of [...select, ...ignore]) if (!codes.includes(code)) throw unknownName('E_CHECK_UNKNOWN', 'check', code, codes)
  return checks.filter(({ code }) => (select.length === 0 || select.includes(code)) && !ignore.includes(code))
}
