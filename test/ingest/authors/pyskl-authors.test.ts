import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../../src/catalog.ts'
import { ABSENT, type Clip } from '../../../src/clip.ts'
import { pyskl } from '../../../src/ingest/adapters/pyskl/pyskl.ts'
import { contextOf, readFilms } from '../read-film.ts'
import { recordOf } from './authors-record.ts'

type Read = {
  readonly name: string
  readonly label: number
  readonly total_frames: number
  /** Height and width, px; null = the entry has none. */
  readonly img_shape: readonly [number, number] | null
  /** Of `keypoint`: persons, frames, joints, coordinates. */
  readonly shape: readonly [number, number, number, number]
  readonly keypoint: readonly number[]
  /** [persons, frames, joints]; null = the entry has none. */
  readonly keypoint_score: readonly number[] | null
}
type PysklRecord = {
  readonly file: string
  /** The file's bytes in base64. */
  readonly pickle: string
  /** Names of the clips in the order they load them. */
  readonly splits: Readonly<Record<string, readonly string[]>>
  /** In the order of the file. */
  readonly clips: readonly Read[]
}

describe.each(['ntu60-3d', 'ntu60-2d'])('an annotation file of %s, as PYSKL\'s PoseDataset and PoseDecode read it,', (kind) => {
  const theirs = recordOf<PysklRecord>(`pyskl-${kind}.json`)
  const folder = mkdtempSync(join(tmpdir(), 'posetta-pyskl-'))
  const clips = new Map<string, Clip>()
  let places: Map<string, number>
  afterAll(() => rmSync(folder, { recursive: true }))

  beforeAll(async () => {
    writeFileSync(join(folder, theirs.file), Buffer.from(theirs.pickle, 'base64'))
    const context = contextOf(entryOf(await readCatalog(), `pyskl-${kind}`), folder)
    const { items } = await pyskl.discover(context)
    places = new Map(items.map(({ id, facts }) => [nameOf(id), facts.index]))
    for (const film of await readFilms(pyskl, context)) for (const clip of film.clips) clips.set(nameOf(clip.id), clip)
  })

  test('has the same clips at the same places; we go through them by name', () => {
    const names = theirs.clips.map(({ name }) => name)
    expect([...clips.keys()]).toEqual(names.toSorted())
    expect(names.map((name) => places.get(name))).toEqual(names.map((_, at) => at))
  })

  test.each(Object.keys(theirs.splits))('has the same clips in %s; what they name val is the side test', (split) => {
    const [protocol, part] = split.split('_') as [string, string]
    const ours = theirs.clips.filter(({ name }) => clips.get(name)!.labels.sides[protocol] === (part === 'val' ? 'test' : part))
    expect(ours.map(({ name }) => name)).toEqual(theirs.splits[split])
  })

  describe.each(theirs.clips.map((clip) => [clip.name, clip] as const))('%s', (name, read) => {
    const [persons, frames, joints, dims] = read.shape
    const ours = (): Clip => clips.get(name)!

    test('has the same label, frames and size of image; 0 where they know of none', () => {
      const { labels, width, height, ...shape } = ours()
      expect(labels.segments).toMatchObject([{ start: 0, end: read.total_frames, number: read.label }])
      expect([height, width]).toEqual(read.img_shape ?? [0, 0])
      expect([shape.persons, shape.frames, shape.joints, shape.dims]).toEqual([persons, frames, joints, dims])
    })

    test('has the same coordinates to the bit, persons within frames', () => {
      expect([...ours().raw!]).toEqual(framesFirst(read.keypoint, read.shape).map(Math.fround))
    })

    test('has the same scores, cut off at 1 and 1 where they have none; a joint that they padded with 0 is absent', () => {
      const { keypoints, states } = ours()
      const points = framesFirst(read.keypoint, read.shape)
      const scores = framesFirst(read.keypoint_score ?? Array<number>(persons * frames * joints).fill(1), [persons, frames, joints, 1])
      const isPadded = scores.map((_, joint) => points.slice(joint * dims, (joint + 1) * dims).every((value) => value === 0))
      expect([...states!].map((state) => state === ABSENT)).toEqual(isPadded)
      const confidences = scores.map((score, joint) => (isPadded[joint] ? 0 : Math.fround(Math.min(1, score))))
      expect([...keypoints!].filter((_, at) => at % (dims + 1) === dims)).toEqual(confidences)
    })
  })
})

const nameOf = (id: string): string => id.slice(id.indexOf('/') + 1)

/** [persons, frames, ...] -> [frames, persons, ...] */
function framesFirst(values: readonly number[], [persons, frames, joints, dims]: Read['shape']): number[] {
  const row = joints * dims
  return Array.from({ length: frames * persons }, (_, at) => {
    const from = ((at % persons) * frames + Math.floor(at / persons)) * row
    return values.slice(from, from + row)
  }).flat()
}
