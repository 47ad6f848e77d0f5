import { ToolkitError } from '../errors.ts'
import type { Tensor } from '../tensor.ts'
import { callable, checkArguments, elsewhere, executorKind, list, options as optionsOf, record } from './arguments.ts'
import type { Executor, Graph, Program } from './graph.ts'
import { nameOf } from './ops/input.ts'
import { padTo } from './padding.ts'

/** Extents by name, such as `{ rows: 32, frames: 64 }`. */
export type Extents = Readonly<Record<string, number>>

export type ProgramCacheOptions = {
  /** The extents that programs are made for, ascending: `{ rows: [32], frames: [64, 128, 256] }`. */
  readonly buckets: Readonly<Record<string, readonly number[]>>
  /** Programs that are kept: the one not used for the longest makes room for another. 4 when not given. */
  readonly keep?: number
}

/** Programs of one model for several shapes, and the one state that they share. One `run` at a time. */
export type ProgramCache = {
  /**
   * Runs the program of the smallest bucket that `sizes` fit into, compiled when first needed. What is fed is padded with zeros after the end of each axis, a mask too, which is how
   * the model can tell; outputs have the bucket's shape (`cutTo` takes the padding off). Throws E_BUCKET for sizes over the largest bucket.
   */
  run(sizes: Extents, feeds: Readonly<Record<string, Tensor>>): Promise<{ readonly outputs: Record<string, Tensor>; readonly extents: Extents }>
  readState(): Promise<Record<string, Tensor>>
  writeState(state: Readonly<Record<string, Tensor>>): Promise<void>
  close(): Promise<void>
}

type Compiled = { readonly program: Program; readonly graph: Graph }

const cacheKinds = { executor: executorKind, makeGraph: callable, options: optionsOf({ buckets: record(list(elsewhere)), keep: elsewhere }, ['buckets']) }

/** A cache of programs of `makeGraph(extents)`, whose states must have the same names and shapes whatever the extents. The state moves to the program that runs, as float32. */
export function programCache(executor: Executor, makeGraph: (extents: Extents) => Graph, options: ProgramCacheOptions): ProgramCache {
  checkArguments('programCache', cacheKinds, [executor, makeGraph, options])
  const { buckets, keep = 4 } = options
  checkBuckets(buckets, keep)
  /** By key, the one used last at the end. */
  const compiled = new Map<string, Compiled>()
  /** Whose program has the state; null = it is parked, as a whole once a program had it. */
  let holder: Compiled | null = null
  let isWhole = false
  let parked: Readonly<Record<string, Tensor>> = {}

  const park = async (): Promise<void> => {
    if (holder === null) return
    parked = await holder.program.readState()
    ;[holder, isWhole] = [null, true]
  }
  const evict = async (key: string): Promise<void> => {
    const old = compiled.get(key)!
    if (holder === old) await park()
    compiled.delete(key)
    await old.program.close()
  }
  const compiledFor = async (extents: Extents): Promise<Compiled> => {
    const key = keyOf(extents)
    const known = compiled.get(key)
    if (known === undefined && compiled.size >= keep) await evict(compiled.keys().next().value!)
    const graph = known?.graph ?? makeGraph(extents)
    const own = known ?? { graph, program: await executor.compile(graph) }
    compiled.delete(key)
    compiled.set(key, own)
    return own
  }
  const hold = async (own: Compiled, key: string): Promise<void> => {
    if (holder === own) return
    await park()
    const missing = own.graph.state.map(({ input }) => nameOf(input)!).find((name) => !(name in parked))
    if (isWhole && missing !== undefined) {
      throw new ToolkitError('E_STATE', `the program of ${key} has a state "${missing}" that is not there`, { hint: `There is: ${Object.keys(parked).join(', ')}`, exit: 4 })
    }
    await own.program.writeState(parked)
    holder = own
  }
  return {
    run: async (sizes, feeds) => {
      const extents = bucketOf(sizes, buckets)
      const own = await compiledFor(extents)
      await hold(own, keyOf(extents))
      const padded = own.graph.inputs.flatMap((node) => {
        const fed = feeds[nameOf(node)!]
        return fed === undefined ? [] : [[nameOf(node)!, padTo(fed, node.shape, `input "${nameOf(node)}"`)] as const]
      })
      return { outputs: await own.program.run(Object.fromEntries(padded)), extents }
    },
    readState: async () => (holder === null ? copied(parked) : holder.program.readState()),
    writeState: async (state) => {
      await park()
      parked = { ...parked, ...copied(state) }
    },
    close: async () => {
      await park()
      for (const key of compiled.keys()) await evict(key)
    },
  }
}

/** The smallest extents of the buckets that `sizes` fit into. Throws E_BUCKET. */
export function bucketOf(sizes: Extents, buckets: ProgramCacheOptions['buckets']): Extents {
  const names = Object.keys(buckets)
  const [unknown, missing] = [Object.keys(sizes).find((name) => !names.includes(name)), names.find((name) => !(name in sizes))]
  if (unknown !== undefined || missing !== undefined) {
    throw new ToolkitError('E_BUCKET', unknown === undefined ? `no size for "${missing}"` : `no buckets for "${unknown}"`, { hint: `There are buckets for: ${names.join(', ')}`, exit: 4 })
  }
  return Object.fromEntries(names.map((name) => {
    const size = sizes[name]!
    if (!(Number.isInteger(size) && size >= 1)) throw new ToolkitError('E_BUCKET', `${name} ${size}`, { hint: 'it must be a whole number of 1 or more', exit: 4 })
    const extent = buckets[name]!.find((one) => one >= size)
    if (extent === undefined) throw new ToolkitError('E_BUCKET', `${name} ${size} is over the largest bucket, ${buckets[name]!.at(-1)}`, { hint: `cut it, or add a bucket of ${size} or more`, exit: 4 })
    return [name, extent]
  }))
}

function checkBuckets(buckets: ProgramCacheOptions['buckets'], keep: number): void {
  for (const [name, extents] of Object.entries(buckets)) {
    if (extents.length > 0 && extents.every((extent, i) => Number.isInteger(extent) && extent > (extents[i - 1] ?? 0))) continue
    throw new ToolkitError('E_BUCKET', `buckets of ${name}: ${extents.join(', ') || '(none)'}`, { hint: 'give whole numbers of 1 or more, ascending' })
  }
  if (!(Number.isInteger(keep) && keep >= 1)) throw new ToolkitError('E_BUCKET', `${keep} programs to keep`, { hint: 'it must be a whole number of 1 or more' })
}

function keyOf(extents: Extents): string {
  return Object.entries(extents).map(([name, extent]) => `${name}=${extent}`).join(', ')
}

function copied(state: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(state).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]))
}
