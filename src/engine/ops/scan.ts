import { sizeOf } from '../../tensor.ts'
import { pullBack } from '../autodiff.ts'
import { callable, checkArguments, flag, list, node, options } from '../arguments.ts'
import { callPlace, makeNode, type Node, type OnnxEmitter, type Operation, shapeError, topologicalOrder } from '../graph.ts'
import { keyOf } from '../simplify.ts'
import { input } from './input.ts'
import { reshape } from './reshape.ts'
import { slice } from './slice.ts'
import { stack } from './stack.ts'

export type ScanOptions = {
  /** The state [...S] before the first step. */
  readonly initial: Node
  /** [T, ...] each; a step is given its part [...]. */
  readonly sequences: readonly Node[]
  /** From the last step to the first. */
  readonly reverse?: boolean
}

// not `checked`: what `step` calls is called from outside
const scanKinds = { recurrence: options({ initial: node, sequences: list(node), reverse: flag }, ['initial', 'sequences']), step: callable }

/**
 * States [T, ...S] of a recurrence: what `step` makes of the state before it and of its part of each sequence, one step after the other. Other nodes that `step` reads are the same
 * at all steps. One node however many steps there are: ONNX's Scan where a device has it, else the steps written one after the other. Its derivative is made of the steps as nodes;
 * `withGradient` gives it one that is as small as itself.
 */
export function scan(recurrence: ScanOptions, step: (state: Node, ...parts: readonly Node[]) => Node): Node {
  checkArguments('scan', scanKinds, [recurrence, step], { place: callPlace })
  const { initial, sequences, reverse = false } = recurrence
  const steps = sequences[0]?.shape[0] ?? 0
  if (steps === 0 || sequences.some(({ shape }) => shape[0] !== steps)) throw shapeError('scan', 'the sequences are not all of one length, 1 or more', initial, ...sequences)
  if (initial.shape.length === 0) throw shapeError('scan', 'a state has an axis', initial)
  const [before, parts] = [input('state', initial.shape), sequences.map(({ shape }, i) => input(`part ${i}`, shape.slice(1)))]
  const after = step(before, ...parts)
  checkArguments('scan', { 'what step answers': node }, [after], { place: callPlace })
  if (after.shape.join() !== initial.shape.join()) throw shapeError('scan', 'the state after a step has not the shape of the one before it', after, initial)
  const varying = new Set([before, ...parts])
  const inner = topologicalOrder([after]).filter((node) => !varying.has(node) && node.inputs.some((one) => varying.has(one)) && varying.add(node))
  const fixed = [...new Set([...inner.flatMap(({ inputs }) => inputs), after])].filter((node) => !varying.has(node))
  const body = { given: [before, ...parts, ...fixed], inner, after }
  return makeNode(operationOf(body, sequences.length), [initial, ...sequences, ...fixed], [steps, ...initial.shape], { body: textOf(body), sequences: sequences.length, reverse: Number(reverse) })
}

/** One step: what it is given (the state, its parts, what is the same at all steps), the nodes that it makes of them, inputs before users, and the state after it. */
type Body = { readonly given: readonly Node[]; readonly inner: readonly Node[]; readonly after: Node }

function operationOf(body: Body, sequences: number): Operation {
  return {
    name: 'scan',
    evaluate: (node, [initial, ...rest]) => {
      const out = new Float64Array(sizeOf(node.shape))
      let state = initial!
      for (const t of orderOf(node)) {
        const parts = body.given.slice(1, 1 + sequences).map(({ shape }, i) => rest[i]!.subarray(t * sizeOf(shape), (t + 1) * sizeOf(shape)))
        state = stepped(body, [state, ...parts, ...rest.slice(sequences)], (node, inputs) => node.operation.evaluate(node, inputs))
        out.set(state, t * state.length)
      }
      return out
    },
    gradient: (node, upstream, wanted) => {
      const of = node.inputs.filter((one, i) => wanted[i] === true && node.inputs.indexOf(one) === i)
      const found = pullBack(asNodes(body, node, sequences), upstream, of, new Set(node.inputs))
      return node.inputs.map((one, i) => (node.inputs.indexOf(one) === i ? found[of.indexOf(one)] ?? null : null))
    },
    lower: (node, inputs, output, onnx) => (onnx.subgraph === undefined ? lowerSteps : lowerScan)(body, sequences, node, { inputs, output, onnx }),
  }
}

/** The value of the state after a step, given those of what it is given. */
function stepped<Value>({ given, inner, after }: Body, values: readonly Value[], compute: (node: Node, inputs: readonly Value[], known: ReadonlyMap<Node, Value>) => Value): Value {
  const known = new Map<Node, Value>(given.map((node, i) => [node, values[i] as Value]))
  for (const node of inner) known.set(node, compute(node, node.inputs.map((one) => known.get(one) as Value), known))
  return known.get(after) as Value
}

/** The steps as nodes of the graph. */
function asNodes(body: Body, { inputs, shape, ...node }: Node, sequences: number): Node {
  let state = inputs[0]!
  const states: Node[] = []
  for (const t of orderOf({ ...node, inputs, shape })) {
    const parts = inputs.slice(1, 1 + sequences).map((one) => reshape(slice(one, 0, t, t + 1), one.shape.slice(1)))
    state = stepped<Node>(body, [state, ...parts, ...inputs.slice(1 + sequences)], ofStep)
    states[t] = state
  }
  return stack(states)
}

/** A node of the body as that of a step, whose nodes are `known`. A derivative in closed form is made of the body's nodes: those of the step take their places. */
function ofStep(node: Node, inputs: readonly Node[], known: ReadonlyMap<Node, Node>): Node {
  if (node.attributes['closedForm'] === undefined) return { ...node, inputs }
  const gradient: Operation['gradient'] = (_, upstream, wanted) => {
    const made = new Map([...known, [upstream, upstream]])
    const replaced = (one: Node): Node => {
      if (!made.has(one)) made.set(one, one.inputs.length === 0 ? one : ofStep(one, one.inputs.map(replaced), made))
      return made.get(one)!
    }
    return node.operation.gradient(node, upstream, wanted).map((one) => (one === null ? null : replaced(one)))
  }
  return { ...node, inputs, operation: { ...node.operation, gradient } }
}

type Lowering = { readonly inputs: readonly string[]; readonly output: string; readonly onnx: OnnxEmitter }

function lowerScan(body: Body, sequences: number, node: Node, { inputs, output, onnx }: Lowering): void {
  const own = body.given.slice(0, 1 + sequences).map((one) => ({ name: onnx.fresh(), shape: one.shape }))
  const [next, answered] = [onnx.fresh(), onnx.fresh()].map((name) => ({ name, shape: body.after.shape }))
  const graph = onnx.subgraph!(own, [next!, answered!], (inside) => {
    const after = lowerStep(body, [...own.map(({ name }) => name), ...inputs.slice(1 + sequences)], inside)
    for (const { name } of [next!, answered!]) inside.node('Identity', [after], [name])
  })
  const reverse = node.attributes['reverse'] as number
  const directions = { scan_input_directions: inputs.slice(1, 1 + sequences).map(() => reverse), scan_output_directions: [reverse] }
  onnx.node('Scan', inputs.slice(0, 1 + sequences), [onnx.fresh(), output], { body: graph, num_scan_inputs: sequences, ...directions })
}

function lowerSteps(body: Body, sequences: number, node: Node, { inputs, output, onnx }: Lowering): void {
  let state = inputs[0]!
  const states: string[] = []
  for (const t of orderOf(node)) {
    const parts = inputs.slice(1, 1 + sequences).map((sequence, i) => {
      const [row, part] = [onnx.fresh(), onnx.fresh()]
      onnx.node('Slice', [sequence, onnx.integers([t]), onnx.integers([t + 1]), onnx.integers([0])], [row])
      onnx.node('Reshape', [row, onnx.integers(body.given[1 + i]!.shape)], [part])
      return part
    })
    state = lowerStep(body, [state, ...parts, ...inputs.slice(1 + sequences)], onnx)
    states[t] = state
  }
  const rows = onnx.fresh()
  onnx.node('Concat', states, [rows], { axis: 0 })
  onnx.node('Reshape', [rows, onnx.integers(node.shape)], [output])
}

/** Writes one step and answers the name of the state after it. */
function lowerStep(body: Body, names: readonly string[], onnx: OnnxEmitter): string {
  return stepped(body, names, (node, inputs) => {
    const name = onnx.fresh()
    node.operation.lower(node, inputs, name, onnx)
    return name
  })
}

/** The steps in the order in which they are computed. */
function orderOf({ shape, attributes }: Node): number[] {
  const forwards = [...Array(shape[0]!).keys()]
  return attributes['reverse'] === 1 ? forwards.toReversed() : forwards
}

/** Text that differs where two steps differ. */
function textOf({ given, inner, after }: Body): string {
  const names = new Map(given.map((node, i) => [node, i]))
  const lines = inner.map((node) => {
    const line = keyOf(node, node.inputs, names)
    names.set(node, names.size)
    return line
  })
  return [...lines, names.get(after)].join('\n')
}
