import { beforeAll, describe, expect, test } from 'vitest'
import { type Answer, everyCase } from './every-operation.ts'
import { answerOnVulkan, vulkanDriver } from './software-vulkan.ts'

describe.skipIf(vulkanDriver === null)('webgpu on software Vulkan (Chromium\'s SwiftShader) has the values and derivatives of the reference', () => {
  let answers: readonly Answer[]
  beforeAll(() => { answers = answerOnVulkan('test/engine/on-vulkan/operations.ts', 600) as typeof answers })

  test.each(everyCase.map(({ title, webgpuAtol = 1e-5 }, i) => [title, i, webgpuAtol] as const))('%s', (_, i, atol) => {
    const answer = answers[i]!
    if ('error' in answer) throw new Error(answer.error)
    for (const [name, values] of Object.entries(answer.expected)) expect(answer.found[name]).toBeAllclose(values, { atol, rtol: 1e-4 })
  })
})
