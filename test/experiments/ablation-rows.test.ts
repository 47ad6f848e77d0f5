import { expect, test } from 'vitest'
import { ablationRows } from '../../experiments/table/ablation-rows.ts'
import { trainConfig } from '../../src/jobs/train-config.ts'

test('every row of the ablation is a training of its own: none is what has become the default', () => {
  const labels = new Map<string, string[]>()
  for (const { label, settings } of ablationRows) {
    const config = JSON.stringify(trainConfig(settings))
    labels.set(config, [...labels.get(config) ?? [], label])
  }
  expect([...labels.values()].filter((same) => same.length > 1)).toEqual([])
  expect(labels.get(JSON.stringify(trainConfig([])))).toEqual(['default'])
})
