import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Clip } from '../../../src/clip.ts'
import { ToolkitError } from '../../../src/errors.ts'
import { sha256 } from '../../../src/hash.ts'
import type { FilmRead } from '../../../src/ingest/adapter.ts'
import { table } from '../../../src/ingest/adapters/table/table.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { readClips, verify } from '../../../src/store/index.ts'
import { temporaryFolder } from '../../store/folder.ts'
import { contextOf, readFilms } from '../read-film.ts'
import { ownEntry, ownFolder, toParquet } from './own-folder.ts'

const sized = 'width: 100, height: 50'
const own = `{ kind: table, files: poses.csv, ${sized} }`
/** Two clips of two frames; `a` lacks joint C in frame 1. */
const poses = `clip,frame,joint,x,y,confidence
a,0,A,1,2,0.5
a,0,B,3,4,1
a,0,C,5,6,1
a,1,A,7,8,1
a,1,B,9,10,1
b,0,A,11,12,1
b,1,A,13,14,1
`

async function read(layout: string, files: Readonly<Record<string, string | Uint8Array>>, lines: readonly string[] = []): Promise<FilmRead[]> {
  return readFilms(table, contextOf(await ownEntry('table', layout, lines), await ownFolder(files)))
}

async function readClipsOf(...of: Parameters<typeof read>): Promise<Clip[]> {
  const films = await read(...of)
  expect(films.flatMap(({ quarantined }) => quarantined)).toEqual([])
  return films.flatMap(({ clips }) => clips)
}

/** x, y(, z), confidence of the first person's joints in a frame. */
function jointsAt({ keypoints, persons, joints, dims }: Clip, frame: number, person = 0): number[][] {
  return Array.from({ length: joints }, (_, joint) => {
    const at = ((frame * persons + person) * joints + joint) * (dims + 1)
    return [...keypoints!.subarray(at, at + dims + 1)]
  })
}

describe('reads a row per joint', () => {
  test('as clips with their provenance; a joint without a row is absent', async () => {
    const [a, b] = await readClipsOf(own, { 'poses.csv': poses })
    expect(a).toMatchObject({
      id: 'mine/a', dataset: 'mine', group: 'mine/a', skeleton: 'stick', fps: null, width: 100, height: 50, frames: 2, persons: 1, joints: 3, dims: 2, unit: 'px',
      labels: { action: null, officialSplit: null, sides: {}, phases: null, segments: [] }, flags: [],
      files: [{ path: 'poses.csv', bytes: poses.length, sha256: sha256(poses), role: 'annotations', frame: null, place: 'line 2' }],
    })
    expect([jointsAt(a!, 0), jointsAt(a!, 1)]).toEqual([[[1, 2, 0.5], [3, 4, 1], [5, 6, 1]], [[7, 8, 1], [9, 10, 1], [NaN, NaN, 0]]])
    expect([...a!.states!]).toEqual([0, 0, 0, 0, 0, 2])
    expect([b!.id, b!.frames, b!.files[0]!.place, [...b!.states!]]).toEqual(['mine/b', 2, 'line 7', [0, 2, 2, 0, 2, 2]])
  })

  test('from Parquet too, to the same values', async () => {
    const folder = await ownFolder({ 'poses.csv': poses })
    await toParquet(join(folder, 'poses.csv'), join(folder, 'poses.parquet'))
    const entry = await ownEntry('table', own.replace('.csv', '.parquet'))
    const films = await readFilms(table, contextOf(entry, folder))
    const [csv, parquet] = [await readClipsOf(own, { 'poses.csv': poses }), films.flatMap(({ clips }) => clips)]
    expect(parquet.map(({ keypoints }) => keypoints)).toEqual(csv.map(({ keypoints }) => keypoints))
    expect(parquet.map(({ files }) => files[0]!.place)).toEqual(['row 0', 'row 5'])
  })

  test('with columns of other names, frames from 1, and marks of what is missing', async () => {
    const layout = `{ kind: table, files: "*.csv", ${sized}, firstFrame: 1, missing: { x: -1, y: -1 }, columns: { clip: video, frame: t, joint: name, x: px, y: py } }`
    const [clip] = await readClipsOf(layout, { 'p.csv': 'video;t;name;px;py\nv 1;1;top;1.5;2\nv 1;1;C;-1;-1\nv 1;2.0;B;-1;3\n' })
    expect([clip!.id, clip!.frames, [...clip!.states!]]).toEqual(['mine/v 1', 2, [0, 2, 2, 2, 0, 2]])
    expect([...clip!.raw!.subarray(0, 6)]).toEqual([1.5, 2, NaN, NaN, -1, -1])
    expect(clip!.flags).toEqual(['joints-outside-image'])
  })

  test('where empty cells and NaN are absent joints', async () => {
    const [clip] = await readClipsOf(own, { 'poses.csv': 'clip,frame,joint,x,y\na,0,A,,\na,0,B,NaN,nan\na,0,C,1e1,+.5\n' })
    expect([[...clip!.states!], jointsAt(clip!, 0)[2]]).toEqual([[2, 2, 0], [10, 0.5, 1]])
  })

  test('in three dimensions, without a picture', async () => {
    const [clip] = await readClipsOf('{ kind: table, files: poses.csv, unit: m }', { 'poses.csv': 'clip,frame,joint,x,y,z\na,0,A,1,2,3\n' })
    expect([clip!.dims, clip!.unit, clip!.width, clip!.height, jointsAt(clip!, 0)[0]]).toEqual([3, 'm', 0, 0, [1, 2, 3, 1]])
  })

  test('normalised, which the store keeps in px', async () => {
    const [clip] = await readClipsOf(`{ kind: table, files: poses.csv, unit: normalised, ${sized} }`, { 'poses.csv': 'clip,frame,joint,x,y\na,0,A,0.5,0.5\n' })
    expect([clip!.unit, jointsAt(clip!, 0)[0], [...clip!.raw!.subarray(0, 2)], clip!.flags]).toEqual(['px', [50, 25, 1], [50, 25], ['scaled-from-normalised']])
  })

  test('of several persons, in order of their numbers, and says who is there when', async () => {
    const [clip] = await readClipsOf(own, { 'poses.csv': 'clip,frame,joint,x,y,person\na,0,A,1,1,10\na,2,A,2,2,10\na,1,A,3,3,9\na,2,A,4,4,9\n' })
    expect([clip!.persons, jointsAt(clip!, 2, 0)[0], jointsAt(clip!, 2, 1)[0]]).toEqual([2, [4, 4, 1], [2, 2, 1]])
    expect(clip!.labels.segments).toEqual([
      { track: 'person', start: 0, end: 1, label: '10', number: 1 }, { track: 'person', start: 1, end: 3, label: '9', number: 0 }, { track: 'person', start: 2, end: 3, label: '10', number: 1 }])
  })

  test('and flags frames without rows, confidences beyond 0..1 and clips without any joint', async () => {
    const clips = await readClipsOf(own, { 'poses.csv': 'clip,frame,joint,x,y,confidence\na,1,A,1,1,1.25\na,3,A,1,1,-1\nb,0,A,,,\n' })
    expect(clips.map(({ frames, flags }) => [frames, flags])).toEqual([[4, ['confidence-clipped', 'frame-gaps']], [1, ['no-observed-joint']]])
    expect([jointsAt(clips[0]!, 1)[0]![2], jointsAt(clips[0]!, 3)[0]![2]]).toEqual([1, 0])
  })

  test('with the clip\'s labels, rate and size in columns', async () => {
    const [clip] = await readClipsOf('{ kind: table, files: poses.csv, columns: { side: fold, sides: { byPerson: fold2 }, view: null } }', {
      'poses.csv': 'clip,frame,joint,x,y,fold,fold2,view,action,group,subject,scene,camera,width,height,fps\na,0,A,1,1,val,test,x,jump,take 1,s1,hall,c1,640,480,29.97\na,1,A,1,1,val,,y,jump,take 1,s1,hall,c1,640,480,29.97\n' })
    expect(clip).toMatchObject({ group: 'mine/take 1', fps: 29.97, width: 640, height: 480,
      labels: { action: 'jump', officialSplit: 'validation', sides: { byPerson: 'test' }, subject: 's1', scene: 'hall', camera: 'c1', view: null } })
  })
})

describe('reads a file per clip', () => {
  test('named by its path, which may say more', async () => {
    const [clip] = await readClipsOf(`{ kind: table, files: "{side}/{action}/**/{clip}_poses.csv", ${sized} }`, { 'train/jump/x/y/a_poses.csv': 'frame,joint,x,y\n0,A,1,1\n' })
    expect(clip).toMatchObject({ id: 'mine/a', labels: { action: 'jump', officialSplit: 'train' }, files: [{ path: 'train/jump/x/y/a_poses.csv', role: 'keypoints', place: null }] })
  })

  test('or several, whose rows come together', async () => {
    const [clip] = await readClipsOf(`{ kind: table, files: "{clip}/*.csv", ${sized} }`, { 'a/1.csv': 'frame,joint,x,y\n0,A,1,1\n', 'a/2.csv': 'frame,joint,x,y\n1,A,2,2\n' })
    expect([clip!.frames, clip!.files.map(({ path }) => path)]).toEqual([2, ['a/1.csv', 'a/2.csv']])
  })
})

describe('reads a row per frame', () => {
  test('whose columns are called by joint and axis', async () => {
    const layout = `{ kind: table, files: "{clip}.csv", ${sized}, columns: { frame: t, wide: "p.{joint}:{axis}", confidence: score } }`
    const [clip] = await readClipsOf(layout, { 'a.csv': 't,p.A:x,p.A:y,p.A:score,p.right:x,p.right:y,p.right:score,note\n0,1,2,0.5,3,4,1,hello\n1,5,6,1,,,,\n' })
    expect([jointsAt(clip!, 0), jointsAt(clip!, 1)]).toEqual([[[1, 2, 0.5], [NaN, NaN, 0], [3, 4, 1]], [[5, 6, 1], [NaN, NaN, 0], [NaN, NaN, 0]]])
  })
})

describe('labels in a table of their own', () => {
  const layout = `{ kind: table, files: poses.csv, ${sized}, labels: { file: labels.csv, columns: { clip: video, side: split } } }`

  test('are the clip\'s', async () => {
    const [a, b] = await readClipsOf(layout, { 'poses.csv': poses, 'labels.csv': 'video,split,action\na,test,jump\n' })
    expect([a!.labels, b!.labels.action]).toMatchObject([{ officialSplit: 'test', action: 'jump' }, null])
    expect(a!.files[1]).toMatchObject({ path: 'labels.csv', role: 'annotations', place: 'line 2' })
    expect([a!.flags, b!.flags]).toEqual([[], ['labels-missing']])
  })

  test('that disagree set the clip aside', async () => {
    const [a, b] = await read(layout, { 'poses.csv': poses, 'labels.csv': 'video,split\na,train\nb,test\na,test\n' })
    expect([a!.clips, b!.clips[0]!.labels.officialSplit]).toEqual([[], 'test'])
    expect(a!.quarantined).toMatchObject([{ source: 'poses.csv#a', message: 'the side of the clip is "train" (line 2 of labels.csv) and "test" (line 4 of labels.csv)' }])
  })

  test('of clips without poses are missing them', async () => {
    const folder = await ownFolder({ 'poses.csv': poses, 'labels.csv': 'video,split\na,test\nc,test\nd,test\n', 'other.txt': '' })
    expect(await table.discover(contextOf(await ownEntry('table', layout), folder))).toMatchObject({
      complete: true, hasFrames: false, missing: ['poses of 2 clips that labels.csv names, such as "c"'], ignored: ['other.txt'], quarantined: [] })
  })
})

describe('segments in a table of their own', () => {
  const layout = (more: string): string => `{ kind: table, files: poses.csv, ${sized}, segments: { file: s.csv, ${more} } }`

  test('become segments, numbered as the catalog lists their classes, and phases', async () => {
    const [a, b] = await readClipsOf(layout('ends: exclusive'), { 'poses.csv': poses, 's.csv': 'clip,track,start,end,label\na,phase,1,2,down\na,phase,0,1,up\na,verb,0,2,lift\n' }, ['classes: { verb: [rest, lift] }'])
    expect(a!.labels).toMatchObject({ phases: [{ start: 0, end: 1, label: 'up' }, { start: 1, end: 2, label: 'down' }], segments: [{ track: 'verb', start: 0, end: 2, label: 'lift', number: 1 }] })
    expect([a!.files[1]!.place, b!.labels.phases]).toEqual(['line 2', null])
  })

  test('that end with their last frame', async () => {
    const [a] = await readClipsOf(layout('ends: inclusive, track: step, columns: { label: what, number: n }'), { 'poses.csv': poses, 's.csv': 'clip,start,end,what,n\na,0,1,lift,7\n' })
    expect(a!.labels.segments).toEqual([{ track: 'step', start: 0, end: 2, label: 'lift', number: 7 }])
  })

  test.each([
    ['that end behind the clip', 'a,verb,0,3,lift', 'E_TABLE_SEGMENT', 'line 2: "lift" covers the frames 0 to 2, counted from 0, and the clip has 2 frames'],
    ['of phases with a gap', 'a,phase,1,2,up', 'E_TABLE_PHASES', 'line 2: the phase "up" starts at frame 1, counted from 0; phases cover each frame once, and 0 are covered before it'],
    ['of phases that stop early', 'a,phase,0,1,up', 'E_TABLE_PHASES', 'the phases end after 1 of 2 frames; phases cover each frame once'],
  ])('%s are set aside, and the clip is flagged', async (_, row, code, message) => {
    const content = `clip,track,start,end,label\n${row}\n`
    const [a] = await read(layout('ends: exclusive'), { 'poses.csv': poses, 's.csv': content })
    expect(a!.clips[0]).toMatchObject({ flags: ['segments-unreadable'], labels: { phases: null, segments: [] } })
    expect(a!.quarantined).toMatchObject([{ source: 's.csv#a', code, message, sha256: sha256(content) }])
  })

  test.each([
    ['without a label', 'a,0,1,', 'E_TABLE_SEGMENT', 'line 2: the segment has no label', 20],
    ['without a frame', 'a,0,1,up', 'E_TABLE_SEGMENT', 'line 2: the segment ends at 0 and starts at 1', 20],
    ['of seconds', 'a,0.5,1,up', 'E_TABLE_FRAME', 'line 2: end is "0.5", no whole number', 20],
    ['of nobody', ',1,0,up', 'E_TABLE_CLIP', 'line 2: the row names no clip', 20],
    ['cut off', 'a,1', 'E_TABLE_CELLS', 'line 2: 2 cells, and the header has 4', 20],
    ['of half a class', 'a,1,0,up,1.5', 'E_TABLE_SEGMENT', 'line 2: number is 1.5, no whole number', 27],
  ])('rows %s are set aside', async (_, row, code, message, offset) => {
    const folder = await ownFolder({ 'poses.csv': poses, 's.csv': `clip,end,start,label${row.split(',').length > 4 ? ',number' : ''}\n${row}\n` })
    const { quarantined } = await table.discover(contextOf(await ownEntry('table', layout('ends: exclusive')), folder))
    expect(quarantined).toMatchObject([{ source: 's.csv#line 2', code, message, offset: offset + 1 }])
  })
})

describe('sets a clip aside, with file and row, for', () => {
  const head = 'clip,frame,joint,x,y,confidence,side\n'
  test.each([
    ['an unknown joint', 'a,0,AA,1,1,1,', 'E_CLIP_JOINT', 'line 2: no joint of stick "AA"', 'did you mean "A"? There are: A, B, C, top, left, right'],
    ['a frame that is no whole number', 'a,0.5,A,1,1,1,', 'E_TABLE_FRAME', 'line 2: frame is "0.5", no whole number', null],
    ['a frame that is empty', 'a,,A,1,1,1,', 'E_TABLE_FRAME', 'line 2: frame is "", no whole number', null],
    ['a frame before the first', 'a,-1,A,1,1,1,', 'E_TABLE_FRAME', 'line 2: frame is -1, before the first frame, 0', null],
    ['a coordinate that is text', 'a,0,A,left,1,1,', 'E_TABLE_NUMBER', 'line 2: x is "left", no number', null],
    ['a coordinate without bounds', 'a,0,A,inf,1,1,', 'E_TABLE_NUMBER', 'line 2: x is "inf", no number', null],
    ['a decimal comma', 'a,0,A,"1,5",1,1,', 'E_TABLE_NUMBER', 'line 2: x is "1,5", no number', 'decimals are written with a point'],
    ['half a coordinate', 'a,0,A,1,,1,', 'E_TABLE_COORDINATE', 'line 2: A has no y, and has other numbers', 'a joint that is not there has empty cells, or what the catalog says in layout.missing'],
    ['a joint without its confidence', 'a,0,A,1,1,,', 'E_TABLE_COORDINATE', 'line 2: A has no confidence, and has other numbers', 'a joint that is not there has empty cells, or what the catalog says in layout.missing'],
    ['a number beyond 32 bits', 'a,0,A,1,1e39,1,', 'E_CLIP_NUMBER', 'line 2: a coordinate of A is 1e+39, more than a float of 32 bits holds', null],
    ['a row cut off', 'a,0,A,1', 'E_TABLE_CELLS', 'line 2: 4 cells, and the header has 7', null],
    ['a joint twice in a frame', 'a,1,B,1,1,1,\na,1,B,1,2,1,', 'E_CLIP_TWICE', 'line 2 and line 3 both give B in frame 1', 'keep one of them; where they are two persons, a column says which'],
    ['two sides', 'a,0,A,1,1,1,train\na,1,A,1,2,1,test', 'E_CLIP_VALUE', 'the side of the clip is "train" (line 2) and "test" (line 3)',
      'a clip has one side; where a column of that name means something else, the catalog says columns: { side: null }'],
    ['a side that is none', 'a,0,A,1,1,1,tset', 'E_CLIP_SIDE', '"tset" (line 2) is no side of a split', 'sides are train, training, validation, val, valid, dev, test, testing'],
    ['times in place of frames', 'a,1767225600000,A,1,1,1,', 'E_CLIP_LARGE', '1767225600001 frames of 1 persons of 3 joints are 5301676800003, at most 8388608 are read',
      'are the numbers of frames times in milliseconds, or the persons new ones in every frame?'],
  ])('%s', async (_, rows, code, message, hint) => {
    const content = `${head}${rows}\nb,0,A,1,1,1,\n`
    const [a, b] = await read(own, { 'poses.csv': content })
    expect(a!.clips).toEqual([])
    expect(a!.quarantined).toMatchObject([{ source: 'poses.csv#a', code, message, sha256: sha256(content), ...(hint === null ? {} : { readmit: hint }) }])
    expect(b!.clips).toHaveLength(1)
  })

  test.each([
    ['a person without a name', 'person', '', 'E_TABLE_PERSON', 'line 2: the row names no person'],
    ['a rate of nothing', 'fps', '0', 'E_CLIP_VALUE', 'the fps of the clip is "0" (line 2), no positive number'],
    ['half a px of width', 'width', '10.5', 'E_CLIP_VALUE', 'the width of the clip is "10.5" (line 2), no whole number of px'],
  ])('%s', async (_, column, value, code, message) => {
    const [film] = await read(own, { 'poses.csv': `clip,frame,joint,x,y,${column}\na,0,A,1,1,${value}\n` })
    expect(film!.quarantined).toMatchObject([{ source: 'poses.csv#a', code, message }])
  })

  test('files of which only one has depths', async () => {
    const [film] = await read(`{ kind: table, files: "{clip}/*.csv", ${sized} }`, { 'a/1.csv': 'frame,joint,x,y\n0,A,1,1\n', 'a/2.csv': 'frame,joint,x,y,z\n1,A,1,1,1\n' })
    expect(film!.quarantined).toMatchObject([{ source: 'a/2.csv', code: 'E_TABLE_COLUMN', message: 'of the 2 files of the clip some have a column z and some have none' }])
  })

  test('the row of a Parquet file', async () => {
    const folder = await ownFolder({ 'poses.csv': 'clip,frame,joint,x,y\na,0,A,1,1\na,1,Q,1,1\n' })
    await toParquet(join(folder, 'poses.csv'), join(folder, 'poses.parquet'))
    const [film] = await readFilms(table, contextOf(await ownEntry('table', own.replace('.csv', '.parquet')), folder))
    expect(film!.quarantined).toMatchObject([{ source: 'poses.parquet#a', code: 'E_CLIP_JOINT', message: 'row 1: no joint of stick "Q"', offset: null }])
  })

  test('a picture of unknown size', async () => {
    const [film] = await read('{ kind: table, files: poses.csv }', { 'poses.csv': 'clip,frame,joint,x,y\na,0,A,1,1\n' })
    expect(film!.quarantined).toMatchObject([{ code: 'E_CLIP_SIZE', message: 'nothing says how large the picture is', readmit: 'the catalog may: layout: { width: 1920, height: 1080 }, or columns of that name' }])
  })

  test.each([
    ['a header without frames', 'joint,x,y\n', '', 'E_TABLE_COLUMN', 'no column says the frame', 'name it in the catalog, columns: { frame: ... }. There are: joint, x, y'],
    ['a column that is not there', 'frame,joint,px,y\n', ', columns: { x: pix }', 'E_TABLE_COLUMN', 'no column "pix"', 'did you mean "px"? There are: frame, joint, px, y'],
    ['two columns of one name', 'frame,joint,x,x,y\n', '', 'E_TABLE_COLUMN', 'two columns are called "x"', 'rename one of them'],
    ['wide columns of an unknown joint', 'frame,A_x,A_y,Q_x,Q_y\n', ', columns: { wide: "{joint}_{axis}" }', 'E_CLIP_JOINT', 'the column "Q_x": no joint of stick "Q"', 'did you mean "A"? There are: A, B, C, top, left, right'],
    ['wide columns that lack an axis', 'frame,A_x,A_y,B_x\n', ', columns: { wide: "{joint}_{axis}" }', 'E_TABLE_COLUMN', 'no column says the y of B', 'There are: frame, A_x, A_y, B_x'],
    ['no wide column', 'frame,x,y\n', ', columns: { wide: "{joint}_{axis}" }', 'E_TABLE_COLUMN', 'no column is called like {joint}_{axis}', 'There are: frame, x, y'],
    ['a header alone', 'frame,joint,x,y\n', '', 'E_CLIP_EMPTY', 'no frame of the clip is there', 'mend or replace the file and run the same ingest again: what changed is read anew'],
  ])('%s', async (_, content, layout, code, message, readmit) => {
    const [film] = await read(`{ kind: table, files: "{clip}.csv", ${sized}${layout} }`, { 'a.csv': content })
    expect(film!.quarantined).toMatchObject([{ source: 'a.csv', code, message, readmit }])
  })
})

describe('cannot start', () => {
  test.each([
    ['without a table', own, { 'readme.md': '' }, 'E_RAW_EMPTY', /^no table matches poses\.csv in /],
    ['with headers alone', own, { 'poses.csv': 'clip,frame\n' }, 'E_RAW_EMPTY', /^the tables in .* have headers and no rows$/],
    ['without a name for the clip', own, { 'poses.csv': 'frame,joint\n' }, 'E_TABLE_COLUMN', /^poses\.csv: no column says the clip$/],
    ['without the table of labels', own.replace(' }', ', labels: { file: l.csv } }'), { 'poses.csv': poses }, 'E_RAW_READ', /^cannot read l\.csv: ENOENT$/],
    ['with labels of no clip', own.replace(' }', ', labels: { file: l.csv } }'), { 'poses.csv': poses, 'l.csv': 'clip,action\na.mp4,jump\n' }, 'E_TABLE_CLIP', /^l\.csv names no clip that has poses: not one of 1$/],
    ['with labels that lack a column', own.replace(' }', ', labels: { file: l.csv, columns: { action: what } } }'), { 'poses.csv': poses, 'l.csv': 'clip,wat\na,jump\n' }, 'E_TABLE_COLUMN', /^l\.csv: no column "what"$/],
    ['with Parquet that is none', own.replace('.csv', '.parquet'), { 'poses.parquet': 'hello' }, 'E_PARQUET', /^poses\.parquet: .*too small to be a Parquet file$/],
  ])('%s', async (_, layout, files, code, message) => {
    await expect(table.discover(contextOf(await ownEntry('table', layout), await ownFolder(files as Record<string, string>)))).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  test('without a layout', async () => {
    await expect(table.discover(contextOf(await ownEntry('table', 'null'), await ownFolder({})))).rejects.toMatchObject({
      code: 'E_CATALOG_LAYOUT', message: 'data set "mine" has the adapter table, and no layout', hint: 'layout: { kind: table, files: poses/*.csv } (docs/own-data.md)' })
  })
})

test('rows that name no clip, and names that no clip can have, are set aside', async () => {
  const folder = await ownFolder({ 'poses.csv': 'clip,frame,joint,x,y\na,0,A,1,1\n,0,A,1,1\n,1,A,1,1\nb#2,0,A,1,1\n' })
  const { items, quarantined } = await table.discover(contextOf(await ownEntry('table', own), folder))
  expect(items.map(({ id }) => id)).toEqual(['mine/a'])
  expect(quarantined).toMatchObject([
    { source: 'poses.csv#line 3', code: 'E_TABLE_CLIP', message: '2 rows name no clip' },
    { source: 'poses.csv#b#2', code: 'E_TABLE_CLIP', message: 'the name of the clip, "b#2", has a # or a control character in it', readmit: 'call it otherwise' }])
})

test('files deeper than the pattern are not looked at', async () => {
  const folder = await ownFolder({ 'a/poses.csv': poses, 'a/b/poses.csv': '', 'a/note.txt': '', 'poses.csv': '' })
  const { items, ignored } = await table.discover(contextOf(await ownEntry('table', own.replace('poses.csv', '"a/*.csv"')), folder))
  expect([items.map(({ path }) => path), ignored]).toEqual([['a/poses.csv', 'a/poses.csv'], ['a/note.txt']])
})

test('a folder that links back to itself is walked once', async () => {
  const folder = await ownFolder({ 'deep/in/a.csv': poses })
  symlinkSync(folder, join(folder, 'deep/back'))
  const films = await readFilms(table, contextOf(await ownEntry('table', `{ kind: table, files: '**/*.csv', ${sized} }`), folder))
  expect(films.map(({ clips }) => clips[0]!.files[0]!.path)).toEqual(['deep/in/a.csv', 'deep/in/a.csv'])
})

test('a damaged table ends as clips or as our own errors', async () => {
  const [folder, entry] = [await ownFolder({}), await ownEntry('table', own)]
  const ends = new Set<string>()
  for (let at = 0; at < poses.length; at += 2) {
    for (const damage of ['"', '\n', ',', '\xff', '']) {
      writeFileSync(join(folder, 'poses.csv'), Buffer.from(poses.slice(0, at) + damage + poses.slice(at + 1), 'latin1'))
      const outcome = await readFilms(table, contextOf(entry, folder)).catch((error: unknown) => error)
      ends.add(outcome instanceof ToolkitError || Array.isArray(outcome) ? 'as it should' : String(outcome))
    }
  }
  expect([...ends]).toEqual(['as it should'])
})

test('rows of a clip may lie anywhere in the file', async () => {
  const rows = Array.from({ length: 3000 }, (_, at) => `${at % 3 === 0 ? 'a' : 'b'},${Math.floor(at / 3)},${'AAB'[at % 3]},${at % 100},1`)
  const csv = `clip,frame,joint,x,y\n${rows.join('\n')}\n`
  const clips = await readClipsOf(own, { 'poses.csv': csv })
  expect(clips.map(({ id, frames }) => [id, frames])).toEqual([['mine/a', 1000], ['mine/b', 1000]])
  expect(clips.map((clip) => jointsAt(clip, 999)[0]![0])).toEqual([97, 98])
})

test('goes through ingest into a store and back, the same twice', async () => {
  const [rawDir, storeDir] = [await ownFolder({ 'poses.csv': poses }), await temporaryFolder()]
  const entry = await ownEntry('table', own)
  const run = () => ingest({ entry, rawDir, storeDir, jobs: 1 })
  const first = await run()
  expect(first).toMatchObject({ clips: 2, frames: 4, complete: true, checks: [], quarantined: [], read: 2 })
  expect(await run()).toMatchObject({ read: 0, root: first.root })
  const read = await readClips(storeDir, 'mine', undefined, { raw: true })
  expect(read).toEqual(await readClipsOf(own, { 'poses.csv': poses }))
  expect((await verify(storeDir, 'mine', { deep: true })).problems).toEqual([])
  writeFileSync(join(rawDir, 'poses.csv'), poses.replace('b,1,A,13', 'b,1,A,15'))
  expect(await run()).toMatchObject({ read: 2, quarantined: [] })
})
