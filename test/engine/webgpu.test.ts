import { beforeAll, describe, expect, test } from 'vitest'
import { la2dsLosses } from './every-operation.ts'
import type { answer } from './on-vulkan/programs.ts'
import { answerOnVulkan, vulkanDriver } from './software-vulkan.ts'

// the values of every operation: webgpu.soak.ts
describe.skipIf(vulkanDriver === null)('webgpu on software Vulkan (Chromium\'s SwiftShader)', () => {
  let answered: typeof answer
  beforeAll(() => { answered = answerOnVulkan('test/engine/on-vulkan/programs.ts') as typeof answer })

  test('carries states on the device, reads them and goes on from what is written', () => {
    const pair = (a: number, b: number) => ({ shape: [2], data: Float32Array.of(a, b) })
    const t = { shape: [1], data: Float32Array.of(7) }
    expect(answered.states).toEqual({
      before: 'E_STATE', first: pair(11, 22), previous: { s: pair(1, 2), t }, state: { s: pair(100, 200), t }, last: pair(105, 206), end: { s: pair(105, 206), t },
    })
  })

  test('refuses what would fall back to the CPU, by its names', () => {
    expect(answered.refusal).toEqual({ code: 'E_DEVICE_OPERATION', message: 'webgpu cannot compute softsign (Softsign)', hint: 'run it on another device: posetta doctor lists them' })
  })

  test('computes in float16, or says that the adapter has none', () => {
    expect([[7, 10, 15, 22], { code: 'E_DEVICE_OPERATION', message: 'webgpu: the graphics adapter has no float16 (shader-f16)' }]).toContainEqual(answered.float16)
  })

  test('has the losses of LA2DS that the CPU has', async () => {
    expect(answered.losses).toBeAllclose(await la2dsLosses(), { atol: 1e-4, rtol: 0 })
  })
})
