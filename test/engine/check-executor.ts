import { expect, test } from 'vitest'
import type { Executor } from '../../src/engine/index.ts'
import { answerOf, everyCase, la2dsLosses } from './every-operation.ts'

/** Tests of an executor: every case of every table by the reference, and the losses of LA2DS's tiny training by ONNX Runtime on the CPU. */
export function checkExecutor(executor: Executor): void {
  test.each(everyCase)('computes $title', async (one) => {
    const answer = await answerOf(executor, one)
    if ('error' in answer) throw new Error(answer.error)
    for (const [name, values] of Object.entries(answer.expected)) expect(answer.found[name]).toBeAllclose(values, { atol: 1e-5, rtol: 1e-4 })
  })

  test('has the losses of LA2DS', async () => {
    expect(await la2dsLosses(executor)).toBeAllclose(await la2dsLosses(), { atol: 1e-4, rtol: 0 })
  })
}
