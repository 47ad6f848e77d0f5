import { expect, test } from 'vitest'
import type { Spec } from '../../experiments/table/spec.ts'
import { withRows } from '../../experiments/table/with-rows.ts'

const rows = ['la2ds', 'rgb', 'la2ds-rgb, mid'].map((label) => ({ label, model: 'la2ds', settings: [] }))
const spec: Spec = { name: 'made', title: '', question: '', rows, rivals: ['la2ds', 'rgb'], columns: [], actions: [] }

test('keeps the rows that are named in their own order, and of rivals those that are left', () => {
  const { rows: kept, rivals } = withRows(spec, ['la2ds-rgb, mid', 'rgb'])
  expect([kept.map(({ label }) => label), rivals]).toEqual([['rgb', 'la2ds-rgb, mid'], ['rgb']])
  expect(withRows(spec, undefined)).toBe(spec)
})

test('names the rows there are when one is unknown', () => {
  expect(() => withRows(spec, ['la2d'])).toThrow(expect.objectContaining({ code: 'E_TABLE_ROW', message: 'no row of made "la2d"' }))
})
