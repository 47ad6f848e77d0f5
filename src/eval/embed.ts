import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import { type Executor, flatParameters, input, type Program } from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import { type ColumnView, type FilmPictures, inputColumns } from '../loader/index.ts'
import { carriedOf, flatten, type Model, type ModelInputs, type Weights } from '../models/index.ts'
import { randomAt } from '../random.ts'
import type { Skeleton } from '../skeleton.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { chainOf } from '../transforms/index.ts'
import { filmed, momentsOf } from './footage.ts'
import { joined, type LongClips, partsOf } from './long-clips.ts'

export type ModelEncoderOptions = {
  readonly name: string
  readonly model: Model
  readonly weights: Weights
  readonly executor: Executor
  /** What of a clip reaches the model. */
  readonly inputs: ModelInputs
  readonly skeleton: Skeleton
  /** The recorded frames, for a model that sees them. */
  readonly films?: FilmPictures | undefined
  /** Frames of the longest view in training. */
  readonly frames: number
  readonly longClips: LongClips
  /** Most bytes of the largest value that is made of clips at once. */
  readonly bytes?: number
}

/** An encoder that owns compiled programs. `use` exchanges the weights, for measuring while training. */
export type ModelEncoder = Encoder & { use(weights: Weights): void; close(): Promise<void> }

/**
 * The encoder of a trained model: places and draws each clip as the model's inputs say, embeds it in batches of one padded length, and answers [T, e] per clip in the order asked.
 * A program is compiled per padded length and has a fixed number of rows, so that a clip's embedding does not depend on what it is embedded with.
 */
export function modelEncoder(options: ModelEncoderOptions): ModelEncoder {
  const { name, model, frames, longClips, inputs } = options
  const position = longClips === 'rescaled' ? 'rescaled' : undefined
  const programs = new Map<number, Promise<Batcher>>()
  let { weights } = options
  return {
    name,
    embed: async (clips) => {
      const parts = clips.flatMap((clip, index) => partsOf(checked(clip, name), { frames, longClips }).map((part) => ({ ...part, index })))
      const embedded: Tensor[] = []
      for (const [length, members] of byLength(parts.map(({ clip }) => clip.frames), roomOf(inputs, frames))) {
        if (!programs.has(length)) programs.set(length, batcherOf(length, options))
        const batcher = await programs.get(length)!
        for (let first = 0; first < members.length; first += batcher.rows) {
          const group = members.slice(first, first + batcher.rows)
          const found = await batcher.embed(group.map((member) => parts[member]!.clip), weights, model, position)
          for (const [row, member] of group.entries()) embedded[member] = found[row]!
        }
      }
      const pieces = parts.map((part, member) => ({ ...part, embedding: embedded[member]! }))
      return clips.map((clip, index) => joined(clip.frames, pieces.filter((piece) => piece.index === index)))
    },
    use: (given) => { weights = given },
    close: async () => {
      for (const batcher of programs.values()) await (await batcher).program.close()
      programs.clear()
    },
  }
}

type Batcher = {
  readonly rows: number
  readonly program: Program
  embed(clips: readonly Clip[], weights: Weights, model: Model, position: 'rescaled' | undefined): Promise<Tensor[]>
}

/** Most clips of a program: of one padded length there are seldom many more at once, and the rows that are left are embedded in vain. */
const mostRows = 8

/** A compiled forward pass for clips of up to `length` frames, and the memory it is fed from. */
async function batcherOf(length: number, { model, executor, inputs: seen, skeleton, films, bytes = 2 ** 25 }: ModelEncoderOptions): Promise<Batcher> {
  const rows = Math.min(mostRows, Math.max(1, Math.floor(bytes / 4 / (length * seen.numbersPerFrame))))
  const inputs = Object.fromEntries(Object.entries(model.inputs(rows, length)).map(([name, shape]) => [name, input(name, shape)]))
  const { flat, params: parameters } = flatParameters(model.parameters)
  const carried = Object.fromEntries(Object.entries(carriedOf(model)).map(([name, { shape }]) => [name, input(name, shape)]))
  const { embedding } = model.forward(inputs, { ...parameters, ...carried }, { training: false })
  const program = await executor.compile({ inputs: [...Object.values(inputs), flat, ...Object.values(carried)], state: [], outputs: { embedding } })
  const place = chainOf(seen.placing, { skeleton, frames: length })
  // tensors of bytes reach no model
  const drawn = inputColumns({ skeleton, frames: length, ...seen.tensors }, films === undefined ? {} : { pictures: films.source }).flatMap((column) => (
    column.dtype === 'uint8' ? [] : [{ column, tensor: { shape: [rows, ...column.shape], data: new Float32Array(rows * sizeOf(column.shape)) } }]))
  const mask = { shape: [rows, length], data: new Float32Array(rows * length) }
  const drawRow = async (clip: Clip | undefined, row: number): Promise<void> => {
    mask.data.fill(0, row * length, (row + 1) * length).fill(1, row * length, row * length + (clip?.frames ?? 0))
    const view = clip && viewOf(clip, place(clip, unused), films)
    for (const { column, tensor: { data } } of drawn) {
      const part = data.subarray((row * data.length) / rows, ((row + 1) * data.length) / rows)
      if (view === undefined) part.fill(0)
      else await column.draw(view, part)
    }
  }
  return {
    rows, program,
    embed: async (clips, weights, model, position) => {
      for (let row = 0; row < rows; row++) await drawRow(clips[row], row)
      const tensors = Object.fromEntries(drawn.map(({ column: { name }, tensor }) => [name, tensor]))
      const feeds = model.feeds({ ...tensors, mask }, position === undefined ? {} : { position })
      const params = { shape: flat.shape, data: flatten(model.parameters, weights) }
      const { shape, data } = (await program.run({ ...feeds, ...Object.fromEntries(Object.keys(carried).map((name) => [name, weights[name]!])), params }))['embedding']!
      const [, , dims] = shape as [number, number, number]
      return clips.map((clip, row) => ({ shape: [clip.frames, dims], data: data.slice(row * length * dims, (row * length + clip.frames) * dims) }))
    },
  }
}

/** How much room a piece of so many frames has: as in training where padding counts, else little more than it needs. */
function roomOf({ padding }: ModelInputs, longest: number): (frames: number) => number {
  return (frames) => (padding === 'attended' && frames <= longest ? longest : paddedLength(frames))
}

/** A placed clip as columns draw it: joints as they are, pictures of the moments of the recording that its frames show. */
function viewOf(clip: Clip, placed: Clip, films: FilmPictures | undefined): ColumnView {
  const { footage } = filmed(clip)
  return { seen: { ...placed, time: momentsOf(clip) }, whole: { ...clip, width: footage.width, height: footage.height }, length: clip.frames, row: films?.row(footage) ?? 0, random: unused }
}

/** Which numbers of frames are padded to the same length, shortest first: steps of a quarter, so that few programs are compiled and little is wasted. */
function byLength(frames: readonly number[], room: (frames: number) => number): [length: number, members: number[]][] {
  const lengths = new Map<number, number[]>()
  for (const [member, count] of frames.entries()) {
    const length = room(count)
    lengths.set(length, [...(lengths.get(length) ?? []), member])
  }
  return [...lengths].sort(([a], [b]) => a - b)
}

/** The least of 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, ... that is at least `frames`. */
export function paddedLength(frames: number): number {
  if (frames <= 32) return Math.max(8, Math.ceil(frames / 8) * 8)
  const power = 2 ** Math.ceil(Math.log2(frames))
  return frames <= power * 0.75 ? power * 0.75 : power
}

function checked(clip: Clip, name: string): Clip {
  if (clip.keypoints === null) throw new ToolkitError('E_NO_KEYPOINTS', `${clip.id} has labels only, ${name} embeds keypoints`)
  return clip
}

/** Placing a clip draws nothing. */
const unused = randomAt({ seed: 0 })
