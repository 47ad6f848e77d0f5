import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { add, encodeOnnx, input } from '../engine/index.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Why a process of its own, which loads ONNX Runtime from the file `ort`, could not add numbers on a provider; null when it could. */
export async function failureOf(device: string, ort: string, environment: Environment): Promise<string | null> {
  const x = input('x', [2])
  const model = Buffer.from(encodeOnnx({ inputs: [x], state: [], outputs: { y: add(x, x) } })).toString('base64')
  const script = `const ort = require(${JSON.stringify(ort)})
    const tell = (text) => { require('fs').writeSync(1, text); process.exit(0) }
    ort.InferenceSession.create(Buffer.from('${model}', 'base64'), { executionProviders: ['${device}'], logSeverityLevel: 4 })
      .then((session) => session.run({ x: new ort.Tensor('float32', Float32Array.of(1, -3), [2]) }))
      .then(({ y }) => tell(y.data.join() === '2,-6' ? 'ok' : 'it adds 1 + 1 and -3 - 3 to ' + y.data.join(' and ')))
      .catch((error) => tell(error.message.split('\\n')[0]))`
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { timeout: 20_000, env: environment })
    return stdout.trim() === 'ok' ? null : stdout.trim()
  } catch (error) {
    const { killed, signal, code } = error as { killed?: boolean; signal?: string | null; code?: number }
    return killed === true ? 'its driver gave no answer in 20 s' : `its driver crashed (${signal ?? code})`
  }
}
