import { add, inFloat16, input, matmul, mul, ortExecutor } from '../../../src/engine/index.ts'
import { makeNode } from '../../../src/engine/graph.ts'
import { la2dsLosses } from '../every-operation.ts'

const executor = ortExecutor({ device: 'webgpu' })
const pair = (a: number, b: number) => ({ shape: [2], data: Float32Array.of(a, b) })

/** What a program with a state (y = x + s, s becomes y; t stays as it is) answers on webgpu. */
async function states(): Promise<Record<string, unknown>> {
  const [x, s, t] = [input('x', [2]), input('s', [2]), input('t', [1])]
  const y = add(x, s)
  const program = await executor.compile({ inputs: [x], state: [{ input: s, next: y }, { input: t, next: t }], outputs: { y } })
  const before = await program.readPreviousState().catch(({ code }: { code: string }) => code)
  await program.writeState({ t: { shape: [1], data: Float32Array.of(7) } })
  await program.run({ x: pair(1, 2) })
  const first = (await program.run({ x: pair(10, 20) }))['y']
  const previous = await program.readPreviousState()
  await program.writeState({ s: pair(100, 200) })
  const state = await program.readState()
  const shared = new Float32Array(new SharedArrayBuffer(8))
  shared.set([5, 6])
  const last = (await program.run({ x: { shape: [2], data: shared } }))['y']
  const end = await program.readState()
  await program.close()
  return { before, first, previous, state, last, end }
}

/** How a graph is refused that has an operation webgpu lacks. */
async function refusal(): Promise<unknown> {
  const x = input('x', [2])
  const operation = { ...mul(x, x).operation, name: 'softsign', lower: (_: unknown, inputs: readonly string[], output: string, onnx: { node: (type: string, inputs: readonly string[], outputs: readonly string[]) => void }) => onnx.node('Softsign', inputs, [output]) }
  const graph = { inputs: [x], state: [], outputs: { y: mul(makeNode(operation, [x], [2]), 3) } }
  return executor.compile(graph).then(() => null, ({ code, message, hint }: { code: string; message: string; hint: string }) => ({ code, message, hint }))
}

/** Whether a graph in float16 runs, or how it is refused. */
async function float16(): Promise<unknown> {
  const x = input('x', [2, 2])
  const compiled = executor.compile(inFloat16({ inputs: [x], state: [], outputs: { y: matmul(x, x) } }, []))
  return compiled.then(async (program) => [...(await program.run({ x: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } }))['y']!.data], ({ code, message }: { code: string; message: string }) => ({ code, message }))
}

export const answer = { states: await states(), refusal: await refusal(), float16: await float16(), losses: await la2dsLosses(executor) }
