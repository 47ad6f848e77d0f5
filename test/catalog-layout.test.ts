import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../src/catalog.ts'
import { ToolkitError } from '../src/errors.ts'

/** A catalog file of one entry with a layout in YAML's flow form. */
function catalogFile(adapter: string, layout: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'posetta-layout-')), 'mine.yaml')
  writeFileSync(file, `datasets:\n  - name: mine\n    title: Mine\n    adapter: ${adapter}\n    skeleton: coco-17\n    layout: ${layout}\n`)
  return file
}

async function refusal(adapter: string, layout: string): Promise<{ code: string; message: string; hint: string | undefined }> {
  const file = catalogFile(adapter, layout)
  const error: unknown = await readCatalog([file]).then(() => null, (error: unknown) => error)
  if (!(error instanceof ToolkitError)) throw new Error('it was accepted')
  return { code: error.code, message: error.message.replace(file, 'mine.yaml'), hint: error.hint }
}

test('a table needs the names of its files and nothing else', async () => {
  const entry = entryOf(await readCatalog([catalogFile('table', '{ kind: table, files: poses.csv }')]), 'mine')
  expect(entry.layout).toEqual({ kind: 'table', files: 'poses.csv', columns: {}, missing: {}, firstFrame: 0, width: null, height: null, unit: 'px', labels: null, segments: null })
})

test('pose files need their form and where the clip\'s name stands', async () => {
  const entry = entryOf(await readCatalog([catalogFile('pose-json', '{ kind: pose-json, format: openpose, files: "json/{clip}/*.json" }')]), 'mine')
  expect(entry.layout).toMatchObject({ kind: 'pose-json', format: 'openpose', files: 'json/{clip}/*.json', firstFrame: 0, persons: 'all' })
})

describe('refuses, with place and nearest name,', () => {
  test.each([
    ['an unknown key of a table', 'table', '{ kind: table, files: a.csv, colums: {} }', 'mine.yaml:6 datasets.0.layout.colums: unknown key "colums"',
      'did you mean "columns"? Known here: kind, files, firstFrame, width, height, unit, labels, segments, columns, missing'],
    ['a key that only tables have', 'pose-json', '{ kind: pose-json, format: coco, files: "{clip}.json", missing: {} }', 'mine.yaml:6 datasets.0.layout.missing: unknown key "missing"',
      'Known here: kind, format, files, firstFrame, width, height, unit, labels, segments, persons'],
    ['an unknown column', 'table', '{ kind: table, files: a.csv, columns: { frames: t } }', 'mine.yaml:6 datasets.0.layout.columns.frames: unknown key "frames"',
      'did you mean "frame"? Known here: clip, frame, person, joint, x, y, z, confidence, wide, action, side, group, subject, scene, camera, view, width, height, fps, sides'],
    ['an unknown key of a table of labels', 'table', '{ kind: table, files: a.csv, labels: { files: b.csv } }', 'mine.yaml:6 datasets.0.layout.labels.files: unknown key "files"',
      'did you mean "file"? Known here: file, columns'],
  ])('%s', async (_, adapter, layout, message, hint) => {
    expect(await refusal(adapter, layout)).toEqual({ code: 'E_CATALOG_KEY', message, hint })
  })
})

describe('refuses', () => {
  test.each([
    ['another kind', 'table', '{ kind: tabel, files: a.csv }', 'mine.yaml:6 datasets.0.layout.kind: Invalid discriminator value. Expected \'table\' | \'pose-json\''],
    ['no files', 'table', '{ kind: table }', 'mine.yaml:6 datasets.0.layout.files: Invalid input: expected string, received undefined'],
    ['an unknown name in braces', 'table', '{ kind: table, files: "{klip}.csv" }',
      'mine.yaml:6 datasets.0.layout.files: nothing is called {klip}; there are {clip}, {action}, {side}, {group}, {subject}, {scene}, {camera}, {view}, {width}, {height}, {fps}'],
    ['a name in braces twice', 'table', '{ kind: table, files: "{clip}/{clip}.csv" }', 'mine.yaml:6 datasets.0.layout.files: {clip} stands there twice'],
    ['two names for the clip', 'table', '{ kind: table, files: "{clip}.csv", columns: { clip: video } }',
      'mine.yaml:6 datasets.0.layout.columns.clip: the clip is named twice: by a column and by {clip} in files'],
    ['wide columns without a joint', 'table', '{ kind: table, files: a.csv, columns: { wide: "{axis}" } }',
      'mine.yaml:6 datasets.0.layout.columns.wide: a column is named by {joint} and {axis}: {joint}_{axis}'],
    ['pose files of no clip', 'pose-json', '{ kind: pose-json, format: coco, files: "*.json" }',
      'mine.yaml:6 datasets.0.layout.files: no {clip} says which clip a file is about: json/{clip}/*.json'],
    ['another first frame', 'table', '{ kind: table, files: a.csv, firstFrame: 2 }', 'mine.yaml:6 datasets.0.layout.firstFrame: Invalid option: expected one of 0|1'],
    ['segments that do not say how they end', 'table', '{ kind: table, files: a.csv, segments: { file: b.csv } }',
      'mine.yaml:6 datasets.0.layout.segments.ends: Invalid option: expected one of "exclusive"|"inclusive"'],
  ])('%s', async (_, adapter, layout, message) => {
    expect(await refusal(adapter, layout)).toEqual({ code: 'E_CATALOG_VALUE', message, hint: undefined })
  })
})
