import { readFile, stat } from 'node:fs/promises'
import { entryOf, readCatalog } from '../catalog.ts'
import { encodeOnnx, encodeSafetensors, type Graph, input, type Node } from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import { type Model, type ModelInputs, modelKind, weightShapes } from '../models/index.ts'
import type { Tensor } from '../tensor.ts'
import { readWeights, readRun, replaceFile, runFile, type RunRecord } from '../train/index.ts'
import { modelOfConfig } from './model-of-config.ts'
import { configOf, type TrainConfig } from './train-config.ts'

/** What `posetta export-model` asks for. */
export type ExportModelRequest = {
  readonly runsDir: string
  readonly run: string
  readonly catalogFiles: readonly string[]
  /** `.onnx`: the forward graph with its parameters; `.safetensors`: the parameters alone. */
  readonly output: string
  /** Clips at a time. */
  readonly rows: number
  /** Frames of each; null = the longest view of the training. */
  readonly frames: number | null
  /** What the graph is fed; null = as in training. */
  readonly inputs: TrainConfig['inputs'] | null
}

export type ExportedModel = {
  readonly run: string
  readonly output: string
  readonly format: 'onnx' | 'safetensors'
  readonly bytes: number
  readonly sha256: Hash
  readonly parameters: number
  /** Of the graph; none of a file of parameters. */
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[]; readonly about: string }[]
  readonly outputs: ExportedModel['inputs']
}

/** Writes the trained model of a run, its best parameters on the validation part, for others to use. Throws E_USAGE, E_RUN_UNKNOWN, E_CHECKPOINT, E_EXPORT_FRAMES. */
export async function exportModelJob(request: ExportModelRequest): Promise<ExportedModel> {
  const { runsDir, output } = request
  const isGraph = output.endsWith('.onnx')
  if (!isGraph && !output.endsWith('.safetensors')) throw new ToolkitError('E_USAGE', `--output "${output}" is neither .onnx nor .safetensors`)
  const record = await readRun(runsDir, request.run)
  const config = configOf(record)
  const { skeleton } = entryOf(await readCatalog(request.catalogFiles), record.dataset)
  checkInputs(request, record)
  const { model, inputs: fed } = modelOfConfig(record.model, { ...config, inputs: request.inputs ?? config.inputs }, { skeleton, frames: record.frames })
  const checkpoint = runFile(runsDir, record.run, 'checkpoint')
  const tensors = await readWeights(checkpoint, model)
  const metadata = { ...aboutRun(record), checkpoint: sha256(await readFile(checkpoint)), preprocessing: JSON.stringify({ joints: skeleton.joints, edges: skeleton.edges, longClips: config.longClips, ...fed.preprocessing }) }
  const { graph, inputs, outputs } = isGraph ? forwardGraph(model, sizeOf(request, { record, model, config, padding: fed.padding }), fed) : { graph: null, inputs: [], outputs: [] }
  const about = Object.fromEntries([...inputs, ...outputs].map(({ name, about }) => [`about:${name}`, about]))
  const bytes = graph === null ? encodeSafetensors({ tensors, metadata }) : encodeOnnx(graph, { values: { ...tensors, ...positionsOf(model, graph) }, metadata: { ...metadata, ...about } })
  await replaceFile(output, bytes)
  const { size } = await stat(output)
  const held = graph === null ? Object.values(tensors) : graph.inputs.flatMap(({ attributes }) => tensors[String(attributes['name'])] ?? [])
  const parameters = held.reduce((sum, { data }) => sum + data.length, 0)
  return { run: record.run, output, format: isGraph ? 'onnx' : 'safetensors', bytes: size, sha256: sha256(bytes), parameters, inputs, outputs }
}

/** Only a model that can be fed in several ways can be told how. */
function checkInputs({ inputs }: ExportModelRequest, { run, model }: RunRecord): void {
  if (inputs === null || modelKind(model).settings.includes('inputs')) return
  throw new ToolkitError('E_USAGE', `--inputs ${inputs}: run ${run} is of ${model}, which takes its inputs in one way only`, { hint: 'leave --inputs out' })
}

/** Rows and frames of the graph. Positions of views longer than those of the training depend on the clip where they are squeezed, embeddings on the room that a clip has where padding counts. */
function sizeOf({ rows, frames }: ExportModelRequest, { record, model, config: { longClips }, padding }: { record: RunRecord; model: Model; config: TrainConfig; padding: ModelInputs['padding'] }): { rows: number; frames: number } {
  if (frames !== null && frames !== record.frames && padding === 'attended') {
    throw new ToolkitError('E_EXPORT_FRAMES', `${frames} frames: run ${record.run} attends to padding, and had views of ${record.frames}`, { hint: `--frames ${record.frames}` })
  }
  if (frames !== null && frames > record.frames && (longClips === 'rescaled' || model.config['position'] === 'rescaled')) {
    throw new ToolkitError('E_EXPORT_FRAMES', `${frames} frames: run ${record.run} squeezes the positions of clips longer than ${record.frames}, which a fixed graph cannot`, { hint: `--frames ${record.frames} or fewer` })
  }
  return { rows, frames: frames ?? record.frames }
}

/** The forward pass with named inputs: what is drawn, and which frames are there. Parameters and positions are inputs with values of their own. */
function forwardGraph(model: Model, { rows, frames }: { rows: number; frames: number }, { about: of }: ModelInputs): { graph: Graph } & Pick<ExportedModel, 'inputs' | 'outputs'> {
  const nodes = Object.fromEntries(Object.entries(model.inputs(rows, frames)).map(([name, shape]) => [name, input(name, name === 'position' ? [1, ...shape.slice(1)] : shape)]))
  const params = Object.fromEntries(weightShapes(model).map(({ name, shape }) => [name, input(name, shape)]))
  const outputs = { embedding: model.forward(nodes, params, { training: false }).embedding }
  const about: Record<string, string> = {
    ...of,
    mask: '1 for a frame that is there, 0 for padding at the end [row, frame]',
    embedding: `${model.widths.embedding} numbers a frame [row, frame, number]; what padding has means nothing`,
  }
  const fed = Object.keys(nodes).filter((name) => name !== 'position')
  const used = reached(outputs.embedding)
  return {
    graph: { inputs: [...Object.values(nodes), ...Object.values(params).filter((node) => used.has(node))], state: [], outputs },
    inputs: fed.map((name) => ({ name, shape: nodes[name]!.shape, about: about[name]! })), outputs: [{ name: 'embedding', shape: outputs.embedding.shape, about: about['embedding']! }],
  }
}

/** The nodes that a value is made of: the projection that only the loss sees is not among those of the embedding. */
function reached(from: Node): ReadonlySet<Node> {
  const seen = new Set([from])
  for (const node of seen) for (const one of node.inputs) seen.add(one)
  return seen
}

/** The positions of a view that fills the graph, of a model that is told any. Those of padding are hidden with it. */
function positionsOf(model: Model, { inputs }: Graph): Record<string, Tensor> {
  const position = inputs.find(({ attributes }) => attributes['name'] === 'position')
  if (position === undefined) return {}
  const [, frames] = position.shape as [number, number]
  const none = inputs.map(({ attributes }) => [String(attributes['name']), { shape: [], data: new Float32Array() }])
  const mask = { shape: [1, frames], data: new Float32Array(frames).fill(1) }
  const fed = model.feeds({ ...Object.fromEntries(none) as Record<string, Tensor>, mask }, { position: model.config['position'] === 'none' ? 'none' : 'index' })
  return { position: fed['position']! }
}

function aboutRun({ run, model, dataset, split, root, action, versions }: RunRecord): Record<string, string> {
  return { run, model, dataset, split: `${split.name} ${split.hash}`, root, action: action ?? 'all', posetta: versions['posetta'] ?? 'unknown' }
}
