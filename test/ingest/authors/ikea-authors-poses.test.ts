import { beforeAll, describe, expect, test } from 'vitest'
import type { DatasetEntry } from '../../../src/catalog.ts'
import { ABSENT, type Clip } from '../../../src/clip.ts'
import { choosePerson } from '../../../src/ingest/adapters/ikea-asm/ikea-choose-person.ts'
import { ikeaAsm } from '../../../src/ingest/adapters/ikea-asm/ikea-asm.ts'
import { readFilms } from '../read-film.ts'
import { recordOf, twinOf } from './authors-record.ts'

type Film = {
  /** Of every frame, of all coordinates of whom they take; null = they fail where nobody was found. */
  readonly sums: readonly (number | null)[]
  /** x, y px of every joint. */
  readonly frames: readonly { readonly frame: number; readonly joints: readonly number[] }[]
}
type Crowd = {
  readonly about: string
  readonly people: readonly { readonly pose_keypoints_2d: readonly number[]; readonly boxes?: readonly number[] }[]
  readonly taken: number
}
type PosesRecord = {
  readonly twin: { readonly dataset: string; readonly clips: number; readonly seed: number }
  readonly joints: { readonly ikea: readonly string[]; readonly body25: readonly string[] }
  /** By `<furniture>/<scan>/<camera>` and the method that found people. */
  readonly films: Readonly<Record<string, Readonly<Record<string, Film>>>>
  /** x, y px and a grade of 1 to 3 of the 17 joints, by the names of their folders and the frame, with _ between. */
  readonly clicked: Readonly<Record<string, readonly number[]>>
  readonly crowds: readonly Crowd[]
}

const theirs = recordOf<PosesRecord>('ikea-poses.json')
const found = Object.entries(theirs.films).flatMap(([film, methods]) => Object.entries(methods).map(([method, read]) => [film, method, read] as const))
const clips = new Map<string, Clip>()
let entry: DatasetEntry

beforeAll(async () => {
  const context = await twinOf(theirs.twin)
  entry = context.entry
  for (const film of await readFilms(ikeaAsm, context)) for (const clip of film.clips) clips.set(clip.id, clip)
})

describe('the joints are in the same order as theirs:', () => {
  test.each([['coco-17', 'ikea', 17], ['body-25', 'body25', 25], ['body-19', 'body25', 19]] as const)('%s', (name, format, joints) => {
    const skeleton = entry.skeletons.find((one) => one.name === name)!
    expect(skeleton.joints.map((joint) => joint.replaceAll('_', ' '))).toEqual(theirs.joints[format].slice(0, joints))
  })
})

describe.each(found)('%s: of the people that %s found', (film, method, { sums, frames }) => {
  const clipOf = (): Clip => clips.get(`ikea-asm/${film}#${method}`)!

  test('the first of a frame is whom the authors take, at the same pixels', () => {
    for (const { frame, joints } of frames) expect(worker(clipOf(), frame)).toEqual(joints.map(Math.fround))
  })

  test('it is the same one in every frame, and nobody where they fail for lack of people', () => {
    const clip = clipOf()
    const ours = Array.from({ length: clip.frames }, (_, frame) => worker(clip, frame).reduce((total, value) => total + value, 0))
    expect(ours).toBeAllclose(sums.map((sum) => sum ?? NaN), { atol: 1e-3, rtol: 0 })
  })

  test('a joint that they leave at 0, 0 is absent with us', () => {
    const clip = clipOf()
    for (const { frame, joints } of frames) {
      for (let joint = 0; joint < clip.joints; joint++) {
        const isAbsent = clip.states![frame * clip.persons * clip.joints + joint] === ABSENT
        expect(isAbsent).toBe(joints[2 * joint] === 0 && joints[2 * joint + 1] === 0)
      }
    }
  })
})

test.each(Object.entries(theirs.clicked))('%s is clicked at the same pixels, and their grades 1, 2, 3 are thirds with us', (id, numbers) => {
  const [, furniture, scan, camera, frame] = /^([A-Za-z_]+)_(\d{4}_.+)_(dev3)_(\d{6})$/.exec(id)!
  const { keypoints } = clips.get(`ikea-asm/${furniture}/${scan}/${camera}#manual`)!
  const ours = keypoints!.subarray(Number(frame) * 51, (Number(frame) + 1) * 51)
  expect([...ours]).toEqual(numbers.map((value, at) => Math.fround(at % 3 === 2 ? value / 3 : value)))
})

describe('of several people we take the one that their get_active_person takes:', () => {
  const ours = ({ people }: Crowd): number =>
    choosePerson(people.map(({ pose_keypoints_2d: numbers, boxes }) => ({ numbers, box: boxes ?? null })), 3)
  const boxed = ({ people }: Crowd): string => (people[0]!.boxes === undefined ? 'by joints' : 'by boxes')
  const isOurOwn = ({ about }: Crowd): boolean => about === 'nobody large, the nearest first'
  const named = (crowds: readonly Crowd[]): (readonly [string, string, Crowd])[] => crowds.map((crowd) => [crowd.about, boxed(crowd), crowd])

  test.each(named(theirs.crowds.filter((crowd) => !isOurOwn(crowd))))('%s, %s', (_about, _by, crowd) => {
    expect(ours(crowd)).toBe(crowd.taken)
  })

  test.each(named(theirs.crowds.filter(isOurOwn)))('but not with %s, %s: we take the nearest, as they mean to; their code takes the last', (_, _by, crowd) => {
    expect({ ours: ours(crowd), theirs: crowd.taken }).toEqual({ ours: 0, theirs: 1 })
  })
})

/** x, y px of the first person's joints, as in the files; NaN = there is nobody. */
function worker({ raw, persons, joints }: Clip, frame: number): number[] {
  return [...raw!.subarray(frame * persons * joints * 2, (frame * persons + 1) * joints * 2)]
}
