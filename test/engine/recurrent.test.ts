import { expect, test } from 'vitest'
import { add, gru, input, lstm, ortExecutor, scan } from '../../src/engine/index.ts'
import { cases } from './cases/recurrent.ts'
import { checkOperations } from './check-operations.ts'
import { checkRefusals } from './check-refusals.ts'

// against torch.nn.GRU and LSTM: test/models/gru.test.ts, lstm.test.ts
checkOperations(cases)

const [gates, initial, weight, bias] = [input('gates', [4, 1, 2, 9]), input('initial', [1, 2, 3]), input('weight', [1, 9, 3]), input('bias', [1, 9])]
const expected = 'they are not gates [T, D, B, 3H], initial [D, B, H], weight [D, 3H, H] and bias [D, 3H]'
const ofLstm = 'they are not gates [T, D, B, 4H], initial and initialCell [D, B, H], weight [D, 4H, H] and, if any, keep [T, D, B, 1]'
checkRefusals('recurrent.test.ts', [
  [`gru of [4, 1, 2, 9] and [1, 2, 3] and [1, 9, 2] and [1, 9]: ${expected}`, () => gru({ gates, initial, weight: input('weight', [1, 9, 2]), bias })],
  [`gru of [0, 1, 2, 9] and [1, 2, 3] and [1, 9, 3] and [1, 9]: ${expected}`, () => gru({ gates: input('gates', [0, 1, 2, 9]), initial, weight, bias })],
  [`lstm of [4, 1, 2, 9] and [1, 2, 3] and [1, 2, 3] and [1, 9, 3]: ${ofLstm}`, () => lstm({ gates, initial, initialCell: initial, weight })],
  [
    `lstm of [4, 1, 2, 12] and [1, 2, 3] and [1, 2, 3] and [1, 12, 3] and [4, 2]: ${ofLstm}`,
    () => lstm({ gates: input('gates', [4, 1, 2, 12]), initial, initialCell: initial, weight: input('weight', [1, 12, 3]), keep: input('keep', [4, 2]) }),
  ],
])

// by hand: h + a[t] + b[t] over two steps, and h + a[t] + b, where b is the same whole at both
test('scans that read a value by its parts and as it is are two', async () => {
  const [initial, sequence, other] = [input('initial', [2, 2]), input('sequence', [2, 2, 2]), input('other', [2, 2])]
  const byParts = scan({ initial, sequences: [sequence, other] }, (state, part, row) => add(add(state, part!), row!))
  const whole = scan({ initial, sequences: [sequence] }, (state, part) => add(add(state, part!), other))
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [initial, sequence, other], state: [], outputs: { byParts, whole } })
  const found = await program.run({
    initial: { shape: [2, 2], data: new Float32Array(4) }, sequence: { shape: [2, 2, 2], data: new Float32Array(8) }, other: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } })
  await program.close()
  expect([...found['byParts']!.data]).toEqual([1, 2, 1, 2, 4, 6, 4, 6])
  expect([...found['whole']!.data]).toEqual([1, 2, 3, 4, 2, 4, 6, 8])
})
