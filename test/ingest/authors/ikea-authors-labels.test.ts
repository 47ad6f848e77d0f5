import { beforeAll, describe, expect, test } from 'vitest'
import type { Clip } from '../../../src/clip.ts'
import type { AdapterContext } from '../../../src/ingest/adapter.ts'
import { ikeaAsm } from '../../../src/ingest/adapters/ikea-asm/ikea-asm.ts'
import { pairClasses } from '../../../src/ingest/adapters/ikea-asm/ikea-classes.ts'
import { readIkeaDatabase } from '../../../src/ingest/adapters/ikea-asm/ikea-database.ts'
import { readIkeaSegments } from '../../../src/ingest/adapters/ikea-asm/ikea-segments.ts'
import { readFilms } from '../read-film.ts'
import { recordOf, twinOf } from './authors-record.ts'

type ByScan<Value> = Readonly<Record<string, Value>>
type Written = { readonly subset: string; readonly annotation: readonly { readonly label: string; readonly segment: readonly [number, number] }[] }
type LabelsRecord = {
  readonly twin: { readonly dataset: string; readonly clips: number; readonly seed: number; readonly flaws: boolean }
  readonly classes: readonly string[]
  readonly train: readonly string[]
  readonly test: readonly string[]
  readonly scans: ByScan<{ readonly furniture: string; readonly person: number; readonly scene: number }>
  /** Ids of an action and an object, and their class. */
  readonly pairs: readonly (readonly [number, number, number | null])[]
  /** The class of every frame, by `<furniture>/<scan>/<camera>`. */
  readonly films: ByScan<readonly number[]>
  readonly segments_read: ByScan<readonly number[]>
  readonly segments_written: ByScan<Written>
}

const theirs = recordOf<LabelsRecord>('ikea-labels.json')
const scans = Object.keys(theirs.scans)
const films = new Map<string, Clip>()
let context: AdapterContext
let classes: readonly string[]

beforeAll(async () => {
  context = await twinOf(theirs.twin)
  classes = context.entry.classes['action']!
  for (const { clips } of await readFilms(ikeaAsm, context)) {
    for (const clip of clips) films.set(clip.id.slice('ikea-asm/'.length).split('#')[0]!, clip)
  }
})

describe('as the authors\' data sets read a twin with every oddity of the published rows and names,', () => {
  test('the classes are the same, by number', () => {
    expect(classes).toEqual(theirs.classes)
  })

  test('any pair of an action and an object is the same class, or none', () => {
    const classOf = pairClasses(readIkeaDatabase(context.raw.full('ikea_annotation_db_full')), classes)
    expect(theirs.pairs.map(([action, thing]) => [action, thing, classOf(action, thing)])).toEqual(theirs.pairs)
  })

  test('the same films are there, and a scan on neither side of the split is not', () => {
    expect([...films.keys()].sort()).toEqual(Object.keys(theirs.films).sort())
  })

  test.each(['train', 'test'] as const)('the same scans are on the side %s', (side) => {
    const ours = [...films].filter(([, { labels }]) => labels.officialSplit === side).map(([film]) => film.replace(/\/dev\d$/, ''))
    expect([...new Set(ours)].sort()).toEqual(theirs[side].toSorted())
  })

  test.each(scans)('%s is of the same furniture, person and scene', (scan) => {
    for (const camera of ['dev1', 'dev2', 'dev3']) {
      const { action, subject, scene } = films.get(`${scan}/${camera}`)!.labels
      expect({ furniture: action, person: Number(subject), scene: Number(scene) }).toEqual(theirs.scans[scan])
    }
  })

  // ours are of gt_action.npy, which their repository does not read; theirs of the database
  test.each(Object.keys(theirs.films))('every frame of %s has the same class', (film) => {
    const { labels, frames } = films.get(film)!
    const ours = Array<number>(frames).fill(NaN)
    for (const { track, start, end, number } of labels.segments) if (track === 'action') ours.fill(number!, start, end)
    expect(ours).toEqual(theirs.films[film])
  })
})

describe('in gt_segments.json', () => {
  const runsOf = (scan: string): readonly { start: number; last: number; number: number }[] =>
    readIkeaSegments(context.raw.read('gt_segments.json').bytes, classes).get(scan)!.runs

  test.each(scans)('%s has the runs that the authors\' own function writes of their labels, both ends included', (scan) => {
    const ours = runsOf(scan).map(({ start, last, number }) => ({ label: classes[number]!, segment: [start, last] }))
    expect({ subset: theirs.train.includes(scan) ? 'training' : 'testing', annotation: ours }).toEqual(theirs.segments_written[scan])
  })

  test.each(scans)('we know one frame more of every run of %s: they write its last frame, but read it as the one after', (scan) => {
    const ours = theirs.segments_read[scan]!.map(() => -1)
    for (const { start, last, number } of runsOf(scan)) ours.fill(number, start, last)
    expect(ours).toEqual(theirs.segments_read[scan])
  })
})
