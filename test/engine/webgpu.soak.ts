import { beforeAll, describe, expect, test } from 'vitest'
import { ortExecutor } from '../../src/engine/index.ts'
import { type Answer, everyCase } from './every-operation.ts'
import { answerOnVulkan, vulkanDriver } from './software-vulkan.ts'
import { trained } from './trained.ts'

describe.skipIf(vulkanDriver === null)('webgpu on software Vulkan (Chromium\'s SwiftShader) has the values and derivatives of the reference', () => {
  let answers: readonly Answer[]
  beforeAll(() => { answers = answerOnVulkan('test/engine/on-vulkan/operations.ts', 600) as typeof answers })

  test.each(everyCase.map(({ title, webgpuAtol = 1e-5 }, i) => [title, i, webgpuAtol] as const))('%s', (_, i, atol) => {
    const answer = answers[i]!
    if ('error' in answer) throw new Error(answer.error)
    for (const [name, values] of Object.entries(answer.expected)) expect(answer.found[name]).toBeAllclose(values, { atol, rtol: 1e-4 })
  })
})

test.skipIf(vulkanDriver === null)('webgpu trains with groups, an average, a loss scale and blocks computed again as the CPU does', async () => {
  const [found, expected] = [answerOnVulkan('test/engine/on-vulkan/trained.ts', 300) as Awaited<ReturnType<typeof trained>>, await trained(ortExecutor({ device: 'cpu', threads: 1 }))]
  expect(found.losses).toBeAllclose(expected.losses, { rtol: 1e-5 })
  expect(Object.keys(found.state)).toEqual(Object.keys(expected.state))
  for (const [name, { data }] of Object.entries(found.state)) expect(data).toBeAllclose(expected.state[name]!.data, { rtol: 1e-4, atol: 1e-5 })
})
