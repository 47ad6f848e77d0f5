import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { add, constant, evaluate, gradients, input, mul, type Node, ortExecutor, reshape, sum } from '../../src/engine/index.ts'
import { sizeOf, type Tensor } from '../../src/tensor.ts'

type Numbers = readonly (number | string)[]
type Recorded = { readonly shape: readonly number[]; readonly data: Numbers }
export type RecordedCase = { readonly inputs: readonly Recorded[]; readonly results: readonly Recorded[]; readonly gradients: readonly (Numbers | null)[] }
type Tolerance = { readonly atol: number; readonly rtol: number }

/**
 * Holds operations to what PyTorch's autograd recorded in fixtures/torch/<topic>.json (by bench/peers/op_gradients_<topic>.py): results and derivatives, in float64 and on ONNX
 * Runtime. `makes` has one function of nodes for each recorded title, and none else.
 */
export function checkRecorded(topic: string, makes: Readonly<Record<string, (...inputs: readonly Node[]) => Node | readonly Node[]>>, float32: Tolerance = { atol: 5e-6, rtol: 5e-5 }): void {
  const { torch, cases } = recordedCases(topic)

  describe(`agrees with PyTorch ${torch}`, () => {
    test('on every recorded case', () => {
      expect(Object.keys(makes).toSorted()).toEqual(Object.keys(cases).toSorted())
    })

    describe.each(Object.entries(makes))('on %s', (title, make) => {
      const recorded = cases[title]!
      const { inputs, feeds, results, derivatives } = graphOf(recorded, make)
      const expected = [...recorded.results.map(({ data }) => decoded(data)), ...recorded.gradients.flatMap((numbers) => (numbers === null ? [] : [decoded(numbers)]))]

      test('in float64', () => {
        expect(results.map(({ shape }) => shape)).toEqual(recorded.results.map(({ shape }) => shape))
        // constants of a graph are float32, hence not to the last digit
        for (const [i, found] of evaluate([...results, ...derivatives], feeds).entries()) expect(found).toBeAllclose(expected[i], { atol: 1e-9, rtol: 1e-6 })
      })

      test('on ONNX Runtime', async () => {
        const outputs = Object.fromEntries([...results, ...derivatives].map((node, i) => [`y${i}`, node]))
        const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs, state: [], outputs })
        const found = await program.run(Object.fromEntries(inputs.map(({ shape }, i) => [`x${i}`, { shape, data: Float32Array.from(feeds[`x${i}`]!) }])))
        for (const [i, numbers] of expected.entries()) expect(found[`y${i}`]!.data).toBeAllclose(numbers, float32)
        await program.close()
      })
    })
  })
}

/** What PyTorch recorded of a topic, by title. */
export function recordedCases(topic: string): { readonly torch: string; readonly cases: Readonly<Record<string, RecordedCase>> } {
  return JSON.parse(readFileSync(`${import.meta.dirname}/../fixtures/torch/${topic}.json`, 'utf8')) as { torch: string; cases: Record<string, RecordedCase> }
}

/** The graph of a case, with the loss of bench/peers/recorded.py. */
export function graphOf({ inputs: recorded, gradients: wanted }: RecordedCase, make: (...inputs: readonly Node[]) => Node | readonly Node[]) {
  const inputs = recorded.map(({ shape }, i) => input(`x${i}`, shape))
  const feeds = Object.fromEntries(recorded.map(({ data }, i) => [`x${i}`, decoded(data)]))
  const results = [make(...inputs)].flat()
  const loss = results.map((result, i) => sum(reshape(mul(result, constant(weights(result.shape, i))), [sizeOf(result.shape)]), [0])).reduce((a, b) => add(a, b))
  return { inputs, feeds, results, derivatives: gradients(loss, inputs.filter((_, i) => wanted[i] !== null)) }
}

function weights(shape: readonly number[], result: number): Tensor {
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, k) => ((7 * k + 3 * result) % 11 - 5.5) / 4) }
}

/** Numbers of a record, of which JSON has some as text. */
export function decoded(numbers: Numbers): Float64Array {
  return Float64Array.from(numbers, Number)
}
