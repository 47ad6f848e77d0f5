import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { layout } from '../../../src/catalog-layout.ts'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { answerText } from '../../../src/cli/answer-text.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { runQuery } from '../../../src/queries/index.ts'
import { makeSplit } from '../../../src/queries/split.ts'
import { textOf } from '../../sources.ts'

const page = textOf('docs/own-data.md')
const blocks = (language: string): string[] => [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text!)

const folder = mkdtempSync(join(tmpdir(), 'posetta-own-'))
const place = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs'), catalogFiles: [join(folder, 'walks.yaml')] }
let entry: DatasetEntry

beforeAll(async () => {
  mkdirSync(join(folder, 'walks'))
  writeFileSync(join(folder, 'walks/poses.csv'), blocks('csv')[0]!)
  writeFileSync(join(folder, 'walks.yaml'), blocks('yaml')[0]!)
  entry = entryOf(await readCatalog(place.catalogFiles), 'walks')
})
afterAll(() => rmSync(folder, { recursive: true }))

test('the table of the page is ingested by the catalog file of the page', async () => {
  expect(await ingest({ entry, rawDir: join(folder, 'walks'), storeDir: place.storeDir, jobs: 1 })).toMatchObject({ clips: 2, frames: 3, quarantined: [], missing: [], ignored: [] })
})

test('the query answers what the page prints', async () => {
  const query = /posetta sql "([^"]*)"/.exec(page)![1]!
  expect(`${answerText(await runQuery(place, query), 'table')}\n`).toBe(blocks('text')[0])
})

test('both splits are made', async () => {
  const request = { ...place, entry, seed: 0, allowLeaks: [] }
  const own = await makeSplit({ ...request, from: { name: 'by-subject', sql: blocks('sql')[0]! } })
  const official = await makeSplit({ ...request, from: { protocol: 'official' } })
  expect(own.split.sides).toEqual({ train: ['walks/walk_01'], test: ['walks/walk_02'] })
  expect(official.split.sides).toEqual(own.split.sides)
})

test('the other pieces of a catalog file are ones', async () => {
  expect(layout.safeParse((parse(blocks('yaml')[1]!) as { layout: unknown }).layout).success).toBe(true)
  writeFileSync(join(folder, 'stick.yaml'), blocks('yaml')[2]!)
  await expect(readCatalog([join(folder, 'stick.yaml')])).resolves.toBeDefined()
})

test('every key of a layout is explained', () => {
  const keys = layout.options.flatMap((option) => Object.keys(option.shape)).filter((key) => !page.includes(`\`${key}`) && !page.includes(`${key}: `))
  expect(keys).toEqual([])
})
