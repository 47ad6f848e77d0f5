import { expect, test } from 'vitest'
import { add, exp, input, neg } from '../../src/engine/index.ts'
import { instructionsOf } from '../../src/engine/executors/tfjs/instructions.ts'

test('a value is freed after its last reader; inputs, constants and results are not', () => {
  const x = input('x', [2])
  const once = exp(x)
  const { list, results } = instructionsOf({ inputs: [x], state: [], outputs: { y: add(neg(once), once), z: neg(once) } })
  const freed = list.map(({ type, frees }) => [type, frees.length])
  // z is the value that y adds to: as a result it stays
  expect(freed).toEqual([['Exp', 0], ['Neg', 0], ['Add', 1]])
  expect(list[2]!.frees).toEqual(list[0]!.outputs)
  expect(results).toEqual({ y: list[2]!.outputs[0], z: list[1]!.outputs[0] })
})
