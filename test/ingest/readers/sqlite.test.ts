import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../../../src/ingest/readers/format-error.ts'
import { readSqlite, type TablesWanted } from '../../../src/ingest/readers/sqlite.ts'
import { writeSqlite } from '../../../src/ingest/synthetic/ikea-asm/sqlite-writer.ts'
import { shared } from '../../shared.ts'

const real = shared === null ? null : `${shared}/data/ikea-asm/annotations/ikea_annotation_db_full`
const scratch = mkdtempSync(join(tmpdir(), 'posetta-scratch-'))
const VIDEOS = 'CREATE TABLE videos(id INTEGER PRIMARY KEY, name TEXT, seconds FLOAT, note TEXT)'
const wanted = { videos: { id: 'number', name: 'text', seconds: 'number | null', note: 'text | null' } } as const

describe('reads', () => {
  test.skipIf(real === null)('the annotations of IKEA ASM', () => {
    const { videos, annotations, atomic_actions: actions, objects } = readSqlite(real!, {
      videos: { id: 'number', video_name: 'text', video_path: 'text', furniture: 'text', camera: 'text', nframes: 'number' },
      annotations: { id: 'number', video_id: 'number', atomic_action_id: 'number', object_id: 'number', starting_frame: 'number', ending_frame: 'number' },
      atomic_actions: { id: 'number', atomic_action: 'text' },
      objects: { id: 'number', object: 'text' },
    })
    expect([videos.length, annotations.length, actions.length, objects.length]).toEqual([1114, 17763, 17, 11])
    expect(objects.map(({ object }) => object)).toEqual(['', 'leg', 'table top', 'table', 'shelf', 'side panel', 'top panel', 'front panel', 'back panel',
      'bottom panel', 'pin'])
    expect(actions[5]).toEqual({ id: 6, atomic_action: 'spin leg' })
    expect(annotations.filter(({ ending_frame: end, video_id: video }) => end > videos[video - 1]!.nframes).length).toBe(21)
    expect(annotations.every(({ id }, at) => at === 0 || id > annotations[at - 1]!.id)).toBe(true)
  })

  test('rows in order of rowid, NULL where it may be', () => {
    const file = written(VIDEOS, [[9, 'Übung', 2, null], [3, '', null, 'cut'], [-1, 'c', 1.5, '']])
    expect(readSqlite(file, wanted).videos).toEqual([
      { id: -1, name: 'c', seconds: 1.5, note: '' }, { id: 3, name: '', seconds: null, note: 'cut' }, { id: 9, name: 'Übung', seconds: 2, note: null }])
  })

  test('only the columns that are wanted, of the tables that are wanted', () => {
    expect(readSqlite(twoVideos(), { videos: { name: 'text' } })).toEqual({ videos: [{ name: 'a' }, { name: 'b' }] })
    expect(readSqlite(twoVideos(), {})).toEqual({})
  })

  test('integers up to 2^53 as numbers', () => {
    const file = written('CREATE TABLE videos(id INTEGER)', [[2 ** 53 - 1], [-(2 ** 53) + 1], [2 ** 31], [0]])
    expect(readSqlite(file, { videos: { id: 'number' } }).videos.map(({ id }) => id)).toEqual([2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 31, 0])
  })

  test('a file that says nothing about its pages', () => {
    expect(readSqlite(changed((bytes) => bytes.writeUInt32BE(bytes.readUInt32BE(24) + 1, 92)), wanted).videos.length).toBe(2)
  })

  test('names with quotes in them', () => {
    const file = written('CREATE TABLE videos("a""b" TEXT)', [['x']])
    expect(readSqlite(file, { videos: { 'a"b': 'text' } }).videos).toEqual([{ 'a"b': 'x' }])
  })
})

test('touches nothing beside the file, and leaves nothing in the scratch folder', () => {
  const file = twoVideos()
  const folder = join(file, '..')
  chmodSync(file, 0o444)
  const before = statSync(folder, { bigint: true }).mtimeNs
  readSqlite(file, wanted, { scratch })
  answer(file, { films: {} }, { scratch })
  // a lock made and taken away would have changed the folder's time
  expect(statSync(folder, { bigint: true }).mtimeNs).toBe(before)
  expect([readdirSync(folder), readdirSync(scratch)]).toEqual([['db'], []])
})

describe('refuses', () => {
  test.each([
    ['an empty file', Buffer.alloc(0), 'E_SQLITE_NOT_SQLITE', 'db is empty (0 bytes)', 0],
    ['text', Buffer.from('id,name\n1,a\n'), 'E_SQLITE_NOT_SQLITE', 'db is no SQLite 3 file: it begins with "id,name\\n1,a\\n"', 0],
    ['half a header', readFileSync(twoVideos()).subarray(0, 60), 'E_SQLITE_CUT', 'db is cut off: its header counts 100 bytes, the file has 60', 60],
    ['half a file', readFileSync(twoVideos()).subarray(0, 5000), 'E_SQLITE_CUT', 'db is cut off: its header counts 8192 bytes, the file has 5000', 5000],
  ])('%s', (_, bytes, code, message, offset) => {
    const error = answer(fileOf(bytes))
    expect(error).toBeInstanceOf(FormatError)
    expect(error).toMatchObject({ code, message, offset })
  })

  test.skipIf(real === null)('the annotations of IKEA ASM cut in half', () => {
    expect(answer(fileOf(readFileSync(real!).subarray(0, 483_328)))).toMatchObject({ code: 'E_SQLITE_CUT', offset: 483_328,
      message: 'db is cut off: its header counts 966656 bytes, the file has 483328', hint: 'download or extract it again' })
  })

  test('pages of 65,536 bytes that are missing', () => {
    expect(answer(changed((bytes) => bytes.writeUInt16BE(1, 16)))).toMatchObject({
      message: 'db is cut off: its header counts 131072 bytes, the file has 8192' })
  })

  test('a file that keeps a write-ahead log', () => {
    const hint = 'close what writes it; then, in a copy of the folder: sqlite3 db "PRAGMA journal_mode = DELETE"'
    const expected = { code: 'E_SQLITE_WAL', message: 'db keeps changes in a write-ahead log, which is not read', offset: 18, hint }
    expect([answer(changed((bytes) => bytes.writeUInt8(2, 18))), answer(changed((bytes) => bytes.writeUInt8(2, 19)))]).toMatchObject([expected, expected])
  })

  test('an unfinished change, but not the empty journal of a finished one', () => {
    const file = twoVideos()
    writeFileSync(`${file}-journal`, '')
    expect(readSqlite(file, wanted).videos.length).toBe(2)
    writeFileSync(`${file}-journal`, 'x')
    expect(answer(file)).toMatchObject({ code: 'E_SQLITE_JOURNAL', message: 'db has an unfinished change in db-journal beside it' })
  })

  test('more than is allowed', () => {
    expect(answer(twoVideos(), wanted, { maxBytes: 8191 })).toMatchObject({ code: 'E_SQLITE_LARGE', message: 'db has 8192 bytes, 8191 are allowed' })
  })

  test('a page of another kind', () => {
    expect(answer(changed((bytes) => bytes.fill(0, 4096)))).toMatchObject({ code: 'E_SQLITE_DAMAGED',
      message: expect.stringMatching(/^db is damaged: .*page 2.*/), hint: 'download or extract it again; sqlite3 FILE "PRAGMA integrity_check" says more' })
  })

  test('a row that does not lie where it should', () => {
    // the first cell of the leaf at page 2, moved into the middle of nowhere
    expect(answer(changed((bytes) => bytes.writeUInt16BE(200, 4096 + 8)))).toMatchObject({ code: 'E_SQLITE_DAMAGED' })
  })

  test('a schema that is no SQL', () => {
    expect(answer(changed((bytes) => bytes.write('CREATE TABBY', bytes.indexOf('CREATE TABLE'))))).toMatchObject({ code: 'E_SQLITE_DAMAGED',
      message: expect.stringMatching(/^db cannot be read: malformed database schema/) })
  })

  test('tables and columns that are not there, naming those that are', () => {
    expect(answer(twoVideos(), { films: { id: 'number' } })).toMatchObject({ code: 'E_SQLITE_TABLE', message: 'db has no table "films"',
      hint: 'it has: videos' })
    expect(answer(fileOf(readFileSync(written('PRAGMA user_version = 1', []))), { films: {} })).toMatchObject({ hint: 'it has: (none)' })
    expect(answer(twoVideos(), { videos: { id: 'number', camera: 'text' } })).toMatchObject({ code: 'E_SQLITE_COLUMN',
      message: 'the table "videos" of db has no column "camera"', hint: 'it has: id, name, seconds, note' })
  })

  test.each([
    ['text for a number', '\'12\'', { x: 'number' }, 'x should be number, it is "12"'],
    ['a number for text', '12', { x: 'text' }, 'x should be text, it is 12'],
    ['NULL for a number', 'NULL', { x: 'number' }, 'x should be number, it is null'],
    ['a blob for text', 'x\'00ff\'', { x: 'text | null' }, 'x should be text | null, it is a blob of 2 bytes'],
    ['a number beyond 2^53', '9007199254740993', { x: 'number | null' }, 'x should be number | null, it is 9007199254740993, which is beyond 2^53'],
  ] as const)('%s', (_, value, columns, what) => {
    const file = written(`CREATE TABLE videos(x); INSERT INTO videos(rowid, x) VALUES (7, ${value})`, [])
    expect(answer(file, { videos: columns })).toMatchObject({ code: 'E_SQLITE_VALUE', message: `row 7 of "videos" in db: ${what}` })
  })

  test('a table that keeps no order', () => {
    const file = written('CREATE TABLE videos(x TEXT PRIMARY KEY) WITHOUT ROWID', [])
    expect(answer(file, { videos: { x: 'text' } })).toMatchObject({ code: 'E_SQLITE_DAMAGED', message: 'db cannot be read: no such column: rowid' })
  })

  test('a file that is not there', () => {
    expect(answer(join(scratch, 'none'))).toMatchObject({ code: 'E_SQLITE_OPEN', message: 'cannot read none: ENOENT' })
  })

  test('a folder', () => {
    expect(answer(scratch)).toMatchObject({ code: 'E_SQLITE_OPEN', message: `cannot read ${basename(scratch)}: EISDIR` })
  })
})

function twoVideos(): string {
  return written(VIDEOS, [[1, 'a', 0.5, null], [2, 'b', 1, 'x']])
}

function written(sql: string, rows: readonly (readonly (string | number | null)[])[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'posetta-sqlite-test-')), 'db')
  writeSqlite(file, [{ name: 'videos', sql, rows }])
  return file
}

function fileOf(bytes: Uint8Array): string {
  const file = join(mkdtempSync(join(tmpdir(), 'posetta-sqlite-test-')), 'db')
  writeFileSync(file, bytes)
  return file
}

/** Two videos in a file of two pages, some bytes of which were changed. */
function changed(change: (bytes: Buffer) => unknown): string {
  const bytes = readFileSync(twoVideos())
  change(bytes)
  return fileOf(bytes)
}

function answer(file: string, tables: TablesWanted = wanted, options: { scratch?: string; maxBytes?: number } = {}): unknown {
  try {
    return readSqlite(file, tables, options)
  } catch (error) {
    return error
  }
}
