import type { Batch, LoaderState } from '../../src/batch.ts'
import { type Hash, sha256 } from '../../src/hash.ts'
import {
  type BatchMaker, type ClipSource, createLoader, type DescribedPlan, localMaker, openShared, openTrainingShards, planOf, type PlanSpec, poolMaker, recipeOf, type RecipeSpec, sharedClips,
  type SharedSource, sourceOfClips, type TrainingShards,
} from '../../src/loader/index.ts'
import { type Random, randomAt } from '../../src/random.ts'
import { writeClips } from '../../src/store/index.ts'
import type { Step } from '../../src/transforms/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { exampleClip, skeleton } from '../transforms/examples.ts'

const actions = ['bow', 'jump', 'wave']
/** 30 clips of 4 to 33 frames, three actions, ten recordings. */
const clips = Array.from({ length: 30 }, (_, i) => {
  const clip = exampleClip({ seed: i + 1, frames: 4 + ((i * 7) % 30) })
  return { ...clip, group: `g${i % 10}`, labels: { ...clip.labels, action: actions[i % 3]!, subject: i % 4 === 0 ? null : `s${i % 5}` } }
})
const T = 12

/** The clips in memory, and in training shards of two stores that divide them in other ways, kept in memory or on disk. */
async function openSources(): Promise<{ sources: SharedSource[]; close: () => Promise<void> }> {
  const opened: TrainingShards[] = []
  for (const change of [{}, { bits: 3 }]) {
    const storeDir = await temporaryFolder()
    await writeClips({ storeDir, dataset: 'example', skeletons: [skeleton], clips, ...change })
    for (const memoryBytes of [0, 2 ** 30]) opened.push(await openTrainingShards({ storeDir, dataset: 'example', memoryBytes, cacheDir: await temporaryFolder() }))
  }
  return {
    sources: [sharedClips(clips), ...opened.map(({ opened }) => ({ kind: 'shards' as const, opened }))],
    close: async () => { for (const { close } of opened) await close() },
  }
}

/**
 * Goes through random plans and recipes in three legs, each with a batch size, ranks, threads, memory and source of its own, every leg but the first from the state, as JSON, that
 * some rank of the leg before left. Every sample's bytes are compared with those of the sample made alone in this thread. Answers how many samples were compared; throws at the first that differs.
 */
export async function checkResumes({ first = 0, configurations }: { first?: number; configurations: number }): Promise<number> {
  const { sources, close } = await openSources()
  let compared = 0
  for (let number = first; number < first + configurations; number++) {
    const random = randomAt({ seed: 71, position: number })
    const spec = randomSpec(random)
    const recipe = randomRecipe(random, spec.seed)
    const alone = samplesAlone(planOf(spec, sourceOfClips(clips).clips), recipe)
    let state: LoaderState | undefined
    let next = 0
    for (let leg = 0; leg < 3; leg++) {
      const source = sources[random.integer(sources.length)]!
      const run = await runLeg({ spec, recipe, source, random, state })
      for (const found of run.samples) if (found !== await alone(next++)) throw new Error(`configuration ${number}, leg ${leg}: sample ${next - 1} has other bytes`)
      if (run.state.length > 200) throw new Error(`configuration ${number}: a state of ${run.state.length} bytes`)
      state = JSON.parse(run.state) as LoaderState
      if (state.next !== next) throw new Error(`configuration ${number}, leg ${leg}: ${next} samples, the state says ${state.next}`)
    }
    compared += next
  }
  await close()
  return compared
}

function randomSpec(random: Random): PlanSpec {
  const seed = random.integer(2 ** 32)
  const filter = random.chance(0.3) ? { filter: { action: actions.slice(random.integer(2)), minFrames: 5 } } : {}
  const parts = [
    {}, { balance: { by: 'action', power: 0.5 } }, { balance: { by: 'subject', repeat: 0.3 }, filter: { subject: ['s1', 's2', 's3'] } },
    { mixture: [{ where: { action: ['bow', 'wave'] }, weight: 0.75 }, { where: { action: ['jump'] }, weight: 0.25 }] },
  ] as const
  const chosen = parts[random.integer(filter.filter === undefined ? parts.length : 2)]!
  const windows = random.chance(0.3) ? { windows: { frames: 4, stride: 3, rest: 'last' } as const } : {}
  const pairs = windows.windows === undefined && random.chance(0.3) ? { pairs: { same: 'action', differs: 'group' } as const } : {}
  const buckets = random.chance(0.3) ? { buckets: { batch: 1 + random.integer(6), batches: 1 + random.integer(4) } } : {}
  return { seed, ...filter, ...chosen, ...windows, ...pairs, ...buckets }
}

const steps: readonly Step[] = [
  { name: 'cut', share: 0.2 }, { name: 'speed', share: 0.4 }, { name: 'crop' }, { name: 'flip' }, { name: 'rotate' }, { name: 'scale' }, { name: 'jitter', probability: 0.5 }, { name: 'drop-joints' },
]

function randomRecipe(random: Random, seed: number): RecipeSpec {
  const view = (): Step[] => [{ name: 'resample', frames: T }, ...steps.filter(() => random.chance(0.5))]
  const shape = { seed, skeleton, frames: T, points: { persons: 1, dims: 2 } as const }
  if (random.chance(0.2)) return { ...shape, views: [[{ name: 'random-window', hold: random.chance(0.5) }]] }
  return { ...shape, views: random.chance(0.5) ? [view(), view()] : [view()], heatmaps: { channels: 'both', size: 8, sigma: 0.6, patch: random.chance(0.5) ? 4 : null }, latestStart: 8 }
}

/** The bytes of a sample made alone, hashed. */
function samplesAlone(plan: DescribedPlan, recipe: RecipeSpec): (g: number) => Promise<Hash> {
  const maker = localMaker({ source: sourceOfClips(clips), recipe: recipeOf(recipe) })
  return async (g) => {
    const made = await maker.make([plan.sampleAt(g)])
    made.release()
    return hashesOf(made, recipe.views.length)[0]!
  }
}

type Leg = { readonly spec: PlanSpec; readonly recipe: RecipeSpec; readonly source: SharedSource; readonly random: Random; readonly state: LoaderState | undefined }

async function runLeg({ spec, recipe, source, random, state }: Leg): Promise<{ samples: Hash[]; state: string }> {
  const size = 1 + random.integer(3)
  const [each, batches, threads] = [1 + random.integer(5), 1 + random.integer(4), random.chance(0.15) ? 1 + random.integer(3) : 0]
  const opened = openShared(source)
  const loaders = Array.from({ length: size }, (_, rank) => createLoader({
    plan: planOf(spec, opened.clips), split: sha256('split'), root: sha256('root'), batchSize: each * size, epochs: 1000, world: { rank, size },
    maker: () => makerOf({ source, opened, recipe, threads, samples: each, random }), ...(state === undefined ? {} : { state }),
  }))
  const iterators = loaders.map((loader) => loader[Symbol.asyncIterator]())
  const samples: Hash[] = []
  for (let batch = 0; batch < batches; batch++) {
    for (const iterator of iterators) samples.push(...hashesOf((await iterator.next()).value as Batch, recipe.views.length))
  }
  for (const iterator of iterators) await iterator.return?.()
  const left = JSON.stringify(loaders[random.integer(size)]!.state())
  opened.close()
  return { samples, state: left }
}

function makerOf({ source, opened, recipe, threads, samples, random }: {
  source: SharedSource; opened: ClipSource; recipe: RecipeSpec; threads: number; samples: number; random: Random
}): BatchMaker {
  if (threads === 0) return localMaker({ source: opened, recipe: recipeOf(recipe) })
  return poolMaker({ source, recipe, workers: threads, samples, memory: (2 + random.integer(6)) * 2 ** 22 })
}

/** Per sample: its id and the bytes of its rows in every tensor. */
function hashesOf({ ids, tensors }: Pick<Batch, 'ids' | 'tensors'>, views: number): Hash[] {
  return ids.map((id, b) => sha256(id, ...Object.entries(tensors).sort(([a], [z]) => (a < z ? -1 : 1)).flatMap(([name, { shape, data }]) =>
    Array.from({ length: views }, (_, v) => {
      const row = data.length / shape[0]!
      return [name, new Uint8Array(data.slice((v * ids.length + b) * row, (v * ids.length + b + 1) * row).buffer)] as const
    }).flat())))
}
