import { createHash } from 'node:crypto'
import type { Batch } from '../../src/batch.ts'
import type { Clip } from '../../src/clip.ts'
import { type ClipSource, createLoader, type Loader, type LoaderOptions, localMaker, planOf, type Recipe, sourceOfClips } from '../../src/loader/index.ts'
import { bytesOfLayout, tensorsOn } from '../../src/loader/recipe/recipe.ts'
import type { SampleRef } from '../../src/loader/sample.ts'
import type { Tensor } from '../../src/tensor.ts'

/** A batch without tensors: which clips come when is all there is to see. */
export const idsOnly: Recipe = { layout: () => ({}), draw: (source, { row }) => void source.read(row) }

export type LocalOptions = Omit<LoaderOptions, 'plan' | 'maker'> & { readonly seed: number; readonly clips: readonly Clip[]; readonly recipe?: Recipe }

/** A loader of clips in memory, in this thread. */
export function loaderOf({ seed, clips, recipe = idsOnly, ...options }: LocalOptions): Loader {
  const source = sourceOfClips(clips)
  return createLoader({ ...options, plan: planOf({ seed }, source.clips), maker: () => localMaker({ source, recipe }) })
}

export async function all(loader: AsyncIterable<Batch>): Promise<Batch[]> {
  const batches: Batch[] = []
  for await (const batch of loader) batches.push(batch)
  return batches
}

/** What a consumer can see of a batch, its bytes hashed: buffers are used again. */
export function fingerprint({ ids, epoch, tensors, bytes, state }: Batch) {
  const hashes = Object.entries({ ...tensors, ...bytes }).map(([name, { shape, data }]) =>
    [name, shape.join(' '), createHash('sha256').update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).digest('hex')])
  return { ids, epoch, hashes, state }
}

export async function fingerprints(loader: AsyncIterable<Batch>): Promise<ReturnType<typeof fingerprint>[]> {
  const seen = []
  for await (const batch of loader) seen.push(fingerprint(batch))
  return seen
}

/** Every clip once, whole, in an epoch. */
export function samplesOf(clips: readonly Clip[], epoch = 0): { source: ClipSource; samples: SampleRef[] } {
  const source = sourceOfClips(clips)
  const rows = new Map(clips.map((_, row) => [source.clips.id(row), row]))
  return { source, samples: clips.map(({ id }) => ({ row: rows.get(id)!, epoch, repeat: 0, window: null, partner: null })) }
}

/** The float32 tensors that a recipe makes of samples, in memory that was full of something else. */
export async function drawn(recipe: Recipe, { source, samples }: { source: ClipSource; samples: readonly SampleRef[] }): Promise<Record<string, Tensor>> {
  const layout = recipe.layout(samples.length)
  const memory = new ArrayBuffer(bytesOfLayout(layout))
  new Uint8Array(memory).fill(0xa5)
  const out = tensorsOn(memory, 0, layout)
  for (const [at, ref] of samples.entries()) await recipe.draw(source, ref, { at, samples: samples.length }, out)
  return out.tensors
}
