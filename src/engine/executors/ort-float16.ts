import type { InferenceSession } from 'onnxruntime-node'
import { ToolkitError } from '../../errors.ts'
import { inFloat16, usesFloat16 } from '../float16.ts'
import type { Graph } from '../graph.ts'
import { encodeOnnx } from '../onnx.ts'
import { input } from '../ops/input.ts'
import { matmul } from '../ops/matmul.ts'
import type { OrtModule } from './ort-program.ts'

/** Throws E_DEVICE_OPERATION for a graph in float16 where the device has none: ONNX Runtime finds that out as late as a run, so that the least product is run. */
export async function checkFloat16(ort: OrtModule, graph: Graph, open: (model: Uint8Array) => Promise<InferenceSession>): Promise<void> {
  if (!usesFloat16(graph)) return
  const x = input('x', [1, 1])
  const session = await open(encodeOnnx(inFloat16({ inputs: [x], state: [], outputs: { y: matmul(x, x) } }, [])))
  try {
    await session.run({ x: new ort.Tensor('float32', Float32Array.of(2), [1, 1]) })
  } catch (cause) {
    throw new ToolkitError('E_DEVICE_OPERATION', 'webgpu: the graphics adapter has no float16 (shader-f16)', { hint: 'train in float32, or on another device: posetta doctor lists them', cause, exit: 4 })
  } finally {
    await session.release()
  }
}
