import { describe, expect, test } from 'vitest'
import { examineDevices } from '../../src/jobs/examine-devices.ts'
import { checkDevice, devices, executorOfDevice } from '../../src/jobs/executor-of-device.ts'
import { vulkanDriver } from '../engine/software-vulkan.ts'
import { isInstalled } from '../installed.ts'

const { VK_DRIVER_FILES: _, VK_ICD_FILENAMES: __, ...elsewhere } = process.env

describe('devices', () => {
  test('are all examined; what is not usable says what makes it so', async () => {
    const checks = await examineDevices({ ...elsewhere, VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' })
    expect(checks.map(({ name }) => name)).toEqual(devices.map((device) => `device ${device}`))
    expect(checks.filter(({ state, fix }) => (state === 'ok') !== (fix === null))).toEqual([])
    expect(checks[0]).toEqual({ name: 'device cpu', state: 'ok', detail: 'onnxruntime-node 1.30.0', fix: null })
    expect(checks[1]).toEqual({
      name: 'device webgpu', state: 'warn', detail: 'no graphics adapter was found (Failed to get a WebGPU adapter: No supported adapters)',
      fix: "sudo apt-get install libvulkan1 # and the graphics card's own Vulkan driver; VK_DRIVER_FILES=FILE.json names one that lies elsewhere",
    })
    expect(checks[4]).toMatchObject({ name: 'device tfjs:cpu', state: 'ok', detail: '@tensorflow/tfjs-core 4.22.0, @tensorflow/tfjs-backend-cpu 4.22.0' })
  })

  test.skipIf(vulkanDriver === null)('webgpu is usable with a Vulkan driver, and says with which', async () => {
    const checks = await examineDevices({ ...elsewhere, VK_DRIVER_FILES: vulkanDriver!, VK_ICD_FILENAMES: vulkanDriver! })
    expect(checks[1]).toEqual({ name: 'device webgpu', state: 'ok', detail: `onnxruntime-node 1.30.0 on Vulkan (${vulkanDriver})`, fix: null })
  })

  test('that do not exist are answered with those that do', () => {
    expect(() => executorOfDevice('tfjs:gpu', null)).toThrow(expect.objectContaining({
      code: 'E_DEVICE_UNKNOWN', message: 'no device "tfjs:gpu"', hint: `did you mean "tfjs:cpu"? There are: ${devices.join(', ')}` }))
  })

  test.each(['cpu', 'reference', 'tfjs:cpu', 'tfjs:wasm'])('%s adds numbers', async (device) => {
    await expect(checkDevice(device, 1)).resolves.toBeUndefined()
  })

  test.skipIf(isInstalled('@tensorflow/tfjs-node-gpu'))('that cannot be loaded are refused with the command that installs them', async () => {
    await expect(checkDevice('tfjs:node-gpu', 1)).rejects.toMatchObject({
      code: 'E_DEVICE_UNUSABLE', message: 'tfjs:node-gpu needs the package @tensorflow/tfjs-node-gpu, which cannot be loaded', hint: expect.stringMatching(/^npm install @tensorflow\/tfjs-node-gpu@4\.22\.0 /) })
  })
})
