import { describe, expect, test } from 'vitest'
import { ortWebExecutor } from '../../src/engine/index.ts'
import { isInstalled } from '../installed.ts'
import { answerOf, everyCase, la2dsLosses } from './every-operation.ts'

describe.skipIf(!isInstalled('onnxruntime-web'))('ONNX Runtime for the web', () => {
  const executor = ortWebExecutor({ threads: 2 })

  test.each(everyCase)('computes $title as the reference does', async (one) => {
    const answer = await answerOf(executor, one)
    if ('error' in answer) throw new Error(answer.error)
    for (const [name, values] of Object.entries(answer.expected)) expect(answer.found[name]).toBeAllclose(values, { atol: 1e-5, rtol: 1e-4 })
  })

  test('has the losses of LA2DS that ONNX Runtime for Node has', async () => {
    expect(await la2dsLosses(executor)).toBeAllclose(await la2dsLosses(), { atol: 1e-4, rtol: 0 })
  })
})
