import { add, constant, type Executor, inFloat16, input, matmul, ortExecutor, ortWebExecutor, referenceExecutor, tfjsExecutor } from '../engine/index.ts'
import { ToolkitError, unknownName } from '../errors.ts'

/** What makes the executor of each device. */
const executors: Readonly<Record<string, (threads: { readonly threads?: number }) => Executor>> = {
  cpu: (threads) => ortExecutor({ device: 'cpu', ...threads }),
  webgpu: () => ortExecutor({ device: 'webgpu' }),
  cuda: () => ortExecutor({ device: 'cuda' }),
  wasm: ortWebExecutor,
  'tfjs:cpu': () => tfjsExecutor({ backend: 'cpu' }),
  'tfjs:wasm': () => tfjsExecutor({ backend: 'wasm' }),
  'tfjs:webgpu': () => tfjsExecutor({ backend: 'webgpu' }),
  'tfjs:node': () => tfjsExecutor({ backend: 'node' }),
  'tfjs:node-gpu': () => tfjsExecutor({ backend: 'node-gpu' }),
  reference: referenceExecutor,
}

/** Devices that can be named. */
export const devices: readonly string[] = Object.keys(executors)

/** The executor of a device by its name; throws E_DEVICE_UNKNOWN with what exists. */
export function executorOfDevice(device: string, threads: number | null): Executor {
  if (!devices.includes(device)) throw unknownName('E_DEVICE_UNKNOWN', 'device', device, devices)
  return executors[device]!(threads === null ? {} : { threads })
}

/**
 * Adds two numbers on a device, in float16 where that is the precision asked for. Throws E_DEVICE_UNKNOWN, E_DEVICE_UNUSABLE with the command that makes it usable, and
 * E_DEVICE_OPERATION where it has no float16: long before there is a graph.
 */
export async function checkDevice(device: string, threads: number | null, precision: 'float32' | 'float16' = 'float32'): Promise<void> {
  const x = input('x', [2, 1])
  const graph = { inputs: [x], state: [], outputs: { y: precision === 'float16' ? matmul(x, constant({ shape: [1, 1], data: Float32Array.of(2) })) : add(x, x) } }
  const program = await executorOfDevice(device, threads).compile(precision === 'float16' ? inFloat16(graph, []) : graph).catch(notStarted)
  try {
    const { y } = await program.run({ x: { shape: [2, 1], data: Float32Array.of(1, -3) } })
    if (y!.data.join() !== '2,-6') throw new ToolkitError('E_DEVICE_UNUSABLE', `${device} adds 1 + 1 and -3 - 3 to ${y!.data.join(' and ')}`, { hint: 'posetta doctor lists the devices' })
  } finally {
    await program.close()
  }
}

/** What a device cannot compute is known here before anything has begun. */
function notStarted(error: unknown): never {
  if (!(error instanceof ToolkitError) || error.code !== 'E_DEVICE_OPERATION') throw error
  throw new ToolkitError(error.code, error.message, { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error })
}
