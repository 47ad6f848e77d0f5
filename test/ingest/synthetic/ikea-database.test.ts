import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeIkeaDatabase } from '../../../src/ingest/synthetic/ikea-asm/ikea-database.ts'
import { pythonWith, runPython } from '../../python.ts'
import { shared } from '../../shared.ts'

const python = pythonWith('sqlite3')
const real = shared === null ? null : `${shared}/data/ikea-asm/annotations/ikea_annotation_db_full`
const twin = written()

/** Columns with type, key and default, and foreign keys, of every table in order; then the three tables without scans in them. */
const SCHEMA = `
import json, sqlite3, sys
database = sqlite3.connect('file:' + sys.stdin.read() + '?mode=ro&immutable=1', uri=True)
all = lambda sql: database.execute(sql).fetchall()
tables = [name for name, in all("select name from sqlite_master order by rowid")]
print(json.dumps({'tables': tables, 'columns': [all('pragma table_info("%s")' % table) for table in tables],
  'keys': [all('pragma foreign_key_list("%s")' % table) for table in tables],
  'settings': [all('pragma page_size'), all('pragma encoding'), all('pragma journal_mode')],
  'fixed': [all('select * from "%s" order by id' % table) for table in ('atomic_actions', 'objects', 'furniture', 'furniture_object_relation')]}))`

test.skipIf(python === null || real === null)('tables, columns, keys and fixed rows are those of the published file', () => {
  expect(JSON.parse(runPython(python!, SCHEMA, twin))).toEqual(JSON.parse(runPython(python!, SCHEMA, real!)))
})

test.skipIf(python === null)('a scan has a video per camera, and its rows once for each, those of dev3 first', () => {
  const script = `
import json, sqlite3, sys
database = sqlite3.connect(sys.stdin.read())
print(json.dumps([database.execute('select * from videos').fetchall(), database.execute('select * from annotations').fetchall(),
  database.execute('select distinct typeof(annotation_time) from videos').fetchall()]))`
  expect(JSON.parse(runPython(python!, script, twin))).toEqual([[
    [1, 'a', 'Lack_Coffee_Table/a/dev3/images', 'Lack Coffe Table', 'dev3', 1, 321.5, 90],
    [2, 'a', 'Lack_Coffee_Table/a/dev1/images', 'Lack Coffe Table', 'dev1', 1, 0, 90],
    [3, 'a', 'Lack_Coffee_Table/a/dev2/images', 'Lack Coffe Table', 'dev2', 1, 0, 90],
    [4, 'special_test', 'Lack_Side_Table/special_test/dev3/images', 'Lack Side Table', 'dev3', 1, 7, 50],
  ], [
    [0, 1, 2, 0, 'pick up ...', 2, 'leg', 5, 20], [1, 1, 6, 1, 'spin leg', 1, '', 20, 60], [2, 4, 8, 0, 'rotate table', 1, '', 1, 50],
    [3, 2, 2, 0, 'pick up ...', 2, 'leg', 5, 20], [4, 3, 2, 0, 'pick up ...', 2, 'leg', 5, 20],
    [5, 2, 6, 1, 'spin leg', 1, '', 20, 60], [6, 3, 6, 1, 'spin leg', 1, '', 20, 60],
  ], [['real']]])
})

test('the same scans give the same bytes', () => {
  expect(readFileSync(written()).equals(readFileSync(twin))).toBe(true)
})

function written(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'posetta-ikea-')), 'ikea_annotation_db_full')
  writeIkeaDatabase(file, [
    { name: 'a', folder: 'Lack_Coffee_Table', frames: 90, annotationTime: 321.5, cameras: ['dev3', 'dev1', 'dev2'],
      rows: [{ action: 2, object: 2, start: 5, end: 20 }, { action: 6, object: 1, start: 20, end: 60 }] },
    { name: 'special_test', folder: 'Lack_Side_Table', frames: 50, annotationTime: 7, cameras: ['dev3'], rows: [{ action: 8, object: 1, start: 1, end: 50 }] },
  ])
  return file
}
