import { expect, test } from 'vitest'
import { pythonWith } from '../../python.ts'
import { comparePlans } from './compare-plans.ts'
import { resumePlans } from './resume-plans.ts'

const python = pythonWith('hashlib')
const plans = process.env['POSETTA_SOAK'] === 'sample' ? 500 : 10_000

test.skipIf(python === null)(`Python gives the samples of ${plans} random plans`, () => {
  expect(comparePlans(python!, { first: 1_000_000, plans })).toBeGreaterThan(plans / 2)
})

test(`loaders go on from each other through ${plans} random plans`, async () => {
  expect(await resumePlans({ first: 1_000_000, plans })).toBeGreaterThan(plans / 2)
})
