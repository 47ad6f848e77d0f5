import type { InferenceSession } from 'onnxruntime-node'
import type { Graph } from '../graph.ts'
import { encodeOnnx, nextName } from '../onnx.ts'
import { nameOf } from '../ops/input.ts'
import { noRunYet } from './checks.ts'
import { hostTensor, type OrtModule, type OrtTensor, type StateStore } from './ort-program.ts'

/**
 * States where ONNX Runtime puts them: in the device's memory, or for the web in memory of its own. It allocates the next ones and is given back those before the last run: so two sets
 * are used in turn here too. What is written goes there with the next run. What lies on a device a second session reads, which `open` opens: a tensor's own getData ends the process
 * (onnxruntime-node 1.30).
 */
export function ownState(ort: OrtModule, { state }: Graph, open: (model: Uint8Array) => Promise<InferenceSession>): StateStore {
  const names = state.map(({ input }) => nameOf(input)!)
  let current: readonly OrtTensor[] = state.map(({ input }) => hostTensor(ort, input.shape))
  let previous: readonly OrtTensor[] | null = null
  let reader: Promise<InferenceSession> | null = null
  return {
    // neither the web nor a session that leaves outputs on the device writes into what it is given (ONNX Runtime 1.30)
    result: () => null,
    begin: () => {
      release(previous ?? [])
      previous = null
      return Object.fromEntries(current.map((tensor, i) => [names[i]!, tensor]))
    },
    targets: () => Object.fromEntries(state.map(({ input }) => [nextName(input), null])),
    advance: (answered) => {
      [previous, current] = [current, state.map(({ input }) => answered[nextName(input)]!)]
      return {}
    },
    read: async (which) => {
      const tensors = which === 'current' ? current : previous
      if (tensors === null) throw noRunYet()
      if (tensors.every(({ location }) => location === 'cpu')) return tensors.map(({ data }) => (data as Float32Array).slice())
      const read = await (reader ??= open(readingModel(state.map(({ input }) => input)))).then((session) => session.run(Object.fromEntries(names.map((name, i) => [name, tensors[i]!]))))
      return names.map((name) => (read[`read:${name}`]!.data as Float32Array).slice())
    },
    write: (index, data) => {
      release([current[index]!])
      current = current.with(index, new ort.Tensor('float32', data.slice(), [...state[index]!.input.shape]))
    },
    close: async () => {
      release([...current, ...(previous ?? [])])
      await (await reader)?.release()
    },
  }
}

/** Answers what it is fed, as `read:<name>`. */
function readingModel(inputs: Graph['inputs']): Uint8Array {
  return encodeOnnx({ inputs, state: [], outputs: Object.fromEntries(inputs.map((input) => [`read:${nameOf(input)}`, input])) })
}

function release(tensors: readonly OrtTensor[]): void {
  for (const tensor of tensors) if (tensor.location === 'gpu-buffer') tensor.dispose()
}
