import { expect, test } from 'vitest'
import { lineageRun } from '../jobs/lineage-run.ts'
import { checkCells } from './lineage-cells.ts'

const { placesOf } = lineageRun()

test('100 random cells of an evaluation lead to raw files that make them', async () => {
  expect(await checkCells(await placesOf(), { cells: 100, seed: 2026 })).toBe(100)
})
