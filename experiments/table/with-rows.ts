import { unknownName } from '../../src/errors.ts'
import type { Spec } from './spec.ts'

/** A table with some of its rows, by their labels, in its own order; undefined = all of them. Throws E_TABLE_ROW. */
export function withRows(spec: Spec, labels: readonly string[] | undefined): Spec {
  if (labels === undefined) return spec
  const known = spec.rows.map(({ label }) => label)
  const unknown = labels.find((label) => !known.includes(label))
  if (unknown !== undefined) throw unknownName('E_TABLE_ROW', `row of ${spec.name}`, unknown, known)
  return { ...spec, rows: spec.rows.filter(({ label }) => labels.includes(label)), rivals: (spec.rivals ?? []).filter((rival) => labels.includes(rival)) }
}
