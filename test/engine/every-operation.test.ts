import { expect, test } from 'vitest'
import { topologicalOrder } from '../../src/engine/graph.ts'
import { filesOf, textOf } from '../sources.ts'
import { everyCase } from './every-operation.ts'
import { problemOf } from './operation-case.ts'

const used = new Set(everyCase.flatMap((one) => topologicalOrder(Object.values(problemOf(one).graph.outputs)).map(({ operation }) => operation.name)))

// what no table can hold: what keeps segments apart that are computed again, in recompute.test.ts
const elsewhere = new Set(['after', 'gate', 'recompute'])

test('every operation is in a table, so that all executors are held to it', () => {
  const named = filesOf('src/engine/ops', '.ts').flatMap((file) => [...textOf(file).matchAll(/\bname: '([a-zA-Z0-9]+)'/g)].map(([, name]) => name!))
  expect(named.length).toBeGreaterThan(70)
  expect(named.filter((name) => !used.has(name) && !elsewhere.has(name)).sort()).toEqual([])
})
