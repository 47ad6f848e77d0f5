import { expect, test } from 'vitest'
import { createLoader, joinSources, localMaker, openTrainingShards, planOf, poolMaker, type RecipeSpec, recipeOf, sharedClips, type SharedSource, sourceOfClips } from '../../src/loader/index.ts'
import { writeClips } from '../../src/store/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { exampleClip, skeleton } from '../transforms/examples.ts'
import { fingerprints } from './loaders.ts'

const of = (dataset: string, actions: readonly (string | null)[]) => actions.map((action, i) => {
  const clip = exampleClip({ seed: 10 * dataset.length + i, frames: 6 + i })
  return { ...clip, id: `${dataset}/${i}`, group: `${dataset}/${i}`, dataset, labels: { ...clip.labels, action } }
})
const [first, second] = [of('b', ['wave', null, 'bow']), of('a-b', ['jump', 'bow'])]
const joined = joinSources([sourceOfClips(first), sourceOfClips(second)])

test('joined sources are one of all their clips, in order of id, with the names of all', () => {
  const all = sourceOfClips([...first, ...second])
  const rows = [0, 1, 2, 3, 4]
  expect(rows.map((row) => joined.clips.id(row))).toEqual(['a-b/0', 'a-b/1', 'b/0', 'b/1', 'b/2'])
  expect([joined.clips.count, [...joined.clips.frames]]).toEqual([5, [6, 7, 6, 7, 8]])
  expect(joined.clips.label('action')).toEqual({ names: ['bow', 'jump', 'wave'], codes: Int32Array.of(1, 0, 2, -1, 0) })
  expect(joined.clips.label('dataset')).toEqual(all.clips.label('dataset'))
  expect(rows.map((row) => [joined.read(row), joined.keypoints(row, 1, 5)])).toEqual(rows.map((row) => [all.read(row), all.keypoints(row, 1, 5)]))
})

test('its hash is that of its sources, whatever their order', () => {
  expect(joinSources([sourceOfClips(second), sourceOfClips(first)]).hash).toBe(joined.hash)
  expect(joinSources([sourceOfClips(first)]).hash).toBe(sourceOfClips(first).hash)
})

test('sources whose ids lie among one another cannot be joined', () => {
  expect(() => joinSources([sourceOfClips([first[0]!, first[2]!]), sourceOfClips([first[1]!])])).toThrow('the ids of two sources lie among one another: b/1 is not after b/2')
})

test('data sets are mixed by weight, from memory and from shards in threads alike', async () => {
  const recipe: RecipeSpec = { seed: 2, skeleton, frames: 8, views: [[{ name: 'random-window' }]], points: { persons: 1, dims: 2 } }
  const plan = planOf({ seed: 2, mixture: [{ where: { dataset: ['b'] }, weight: 3 }, { where: { dataset: ['a-b'] }, weight: 1 }] }, joined.clips)
  const options = { plan, split: 's'.repeat(64), root: 'r'.repeat(64), batchSize: 4, epochs: 3 }
  const here = await fingerprints(createLoader({ ...options, maker: () => localMaker({ source: joined, recipe: recipeOf(recipe) }) }))
  // blocks of four samples: three of b and one of a-b
  expect(here.map(({ ids }) => ids.filter((id) => id.startsWith('b/')).length)).toEqual(here.map(() => 3))
  const storeDir = await temporaryFolder()
  await writeClips({ storeDir, dataset: 'b', skeletons: [skeleton], clips: first })
  const shards = await openTrainingShards({ storeDir, dataset: 'b', memoryBytes: 0 })
  const source: SharedSource = { kind: 'joined', sources: [{ kind: 'shards', opened: shards.opened }, sharedClips(second)] }
  expect(await fingerprints(createLoader({ ...options, maker: () => poolMaker({ source, recipe, workers: 2, samples: 4 }) }))).toEqual(here)
  await shards.close()
})
