import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { randomAt } from '../src/random.ts'
import { temporaryFolder } from './store/folder.ts'
import { textOf } from './sources.ts'

const example = 'examples/classifier.js'

/** 300 rows of 5 numbers about one of three points, deviation 0.8; every fifth row is on the side `eval`. */
function gestures(): string {
  const centres = { wave: [0, 2, -1, 0.5, 0], point: [1, -1, 0.5, 2, 0], rest: [-2, 0, 1, -1, 0] }
  const random = randomAt({ seed: 4 })
  const rows = Array.from({ length: 300 }, (_, row) => {
    const [label, centre] = Object.entries(centres)[row % 3]!
    return [label, row % 5 === 0 ? 'eval' : 'train', ...centre.map((value) => value + 0.8 * random.normal())].join(',')
  })
  return ['label,side,a,b,c,d,e', ...rows].join('\n')
}

test.skipIf(!existsSync('dist/model.js'))('a classifier learns a table of one\'s own, the same each time', async () => {
  const table = `${await temporaryFolder()}/gestures.csv`
  await writeFile(table, gestures())
  const run = (): string => execFileSync(process.execPath, [example, table], { encoding: 'utf8' })
  const said = run()
  const [, right, all] = /(\d+) of (\d+) right/.exec(said) ?? []
  expect(Number(all)).toBe(60)
  // the three points lie 2.9 to 4.2 apart: the best rule errs in about one of 30
  expect(Number(right)).toBeGreaterThan(54)
  expect(run()).toBe(said)
})

test('and takes no more than 40 lines', () => {
  expect(textOf(example).trimEnd().split('\n').length).toBeLessThanOrEqual(40)
})
