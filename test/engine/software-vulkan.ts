import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { deserialize } from 'node:v8'
import { root } from '../sources.ts'

/** SwiftShader, a Vulkan driver that computes on the CPU, as Chromium's packages bring it along; POSETTA_VULKAN names another driver. Null where there is none. */
export const vulkanDriver: string | null = [process.env['POSETTA_VULKAN'], '/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/lib/chromium-browser/vk_swiftshader_icd.json']
  .find((file) => file !== undefined && existsSync(file)) ?? null

/**
 * What `module` (from the root) exports as `answer`, in a process of its own with that driver: a crash of the driver ends no test but its own.
 * Anything that v8 can serialise.
 */
export function answerOnVulkan(module: string, limitSeconds = 60): unknown {
  const script = `const { answer } = (await (await import('vite')).runnerImport('./${module}')).module
    const { serialize } = await import('node:v8')
    const bytes = serialize(answer)
    process.stdout.write(bytes, () => process.exit(0))`
  const env = { ...process.env, VK_ICD_FILENAMES: vulkanDriver!, VK_DRIVER_FILES: vulkanDriver!, LD_LIBRARY_PATH: [process.env['LD_LIBRARY_PATH'], dirname(vulkanDriver!)].filter(Boolean).join(':') }
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, env, timeout: limitSeconds * 1000, maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${module} ended with ${status ?? signal}: ${stderr.toString().slice(-2000)}`)
  return deserialize(stdout)
}
