import { describe, expect, test } from 'vitest'
import { evaluate, ortExecutor, referenceExecutor } from '../../src/engine/index.ts'
import { sizeOf, type Tensor } from '../../src/tensor.ts'
import { type Case, problemOf } from './operation-case.ts'

/** Tests of each case: its derivatives by central differences in float64, its values and derivatives on ONNX Runtime by the reference. */
export function checkOperations(cases: readonly Case[]): void {
  describe.each(cases)('$title', (one) => {
    const { graph, feeds, loss, derivatives } = problemOf(one)

    test('has the derivative that central differences find', () => {
      for (const [name, derivative] of Object.entries(derivatives)) {
        const numeric = Float64Array.from({ length: sizeOf(derivative.shape) }, (_, element) => {
          const at = (delta: number): number => {
            const moved = inFloat64(feeds)
            moved[name]![element]! += delta
            return evaluate([loss], moved)[0]![0]!
          }
          return (at(1e-6) - at(-1e-6)) / 2e-6
        })
        expect(evaluate([derivative], inFloat64(feeds))[0]).toBeAllclose(numeric, { atol: 1e-7, rtol: 1e-6 })
      }
    })

    test('gives the same values and derivatives on ONNX Runtime', async () => {
      const [ort, reference] = [await ortExecutor({ device: 'cpu', threads: 1 }).compile(graph), await referenceExecutor().compile(graph)]
      const [found, expected] = [await ort.run(feeds), await reference.run(feeds)]
      for (const name of Object.keys(graph.outputs)) expect(found[name]!.data).toBeAllclose(expected[name]!.data, { atol: 2e-6, rtol: 2e-5 })
      await ort.close()
    })
  })
}

function inFloat64(feeds: Readonly<Record<string, Tensor>>): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(feeds).map(([name, { data }]) => [name, Float64Array.from(data)]))
}
