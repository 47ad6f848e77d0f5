import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { byteRanges } from '../../src/ingest/byte-ranges.ts'
import { openRawFolder, type RawFolder } from '../../src/ingest/raw-folder.ts'
import { writeTwin } from '../../src/ingest/synthetic/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-'))
afterAll(() => rm(folder, { recursive: true }))
let raw: RawFolder

beforeAll(async () => {
  await writeTwin(entryOf(await readCatalog(), 'penn-action'), folder, { clips: 1, seed: 1, frames: false })
  mkdirSync(join(folder, 'lists'))
  writeFileSync(join(folder, 'lists/a.csv'), 'clip,x\na,1\nb,2\nc,3')
  // a record of 2 bytes, then one of 3: length, its checksum, payload, its checksum
  writeFileSync(join(folder, 'lists/a.tfrecord'), Buffer.concat([2, 3].map((length) => Buffer.from([length, ...Array<number>(7 + 4 + length + 4).fill(0)]))))
  raw = openRawFolder(folder)
})

const rangesOf = (path: string, place: string | null) => byteRanges(raw, { path, place, bytes: raw.stat(path)!.bytes })
const textOf = (path: string, { start, end }: { start: number; end: number }) => readFileSync(raw.full(path)).toString('latin1', start, end)

test('a MAT file has its variables one after the other, from the end of the header to the end of the file', () => {
  const path = `labels/${raw.list('labels')[0]!.name}`
  const ranges = rangesOf(path, null)!
  expect(ranges.map(({ what }) => what)).toContain('variable x')
  expect(ranges.map(({ start }) => start)).toEqual([128, ...ranges.slice(0, -1).map(({ end }) => end)])
  expect(ranges.at(-1)!.end).toBe(raw.stat(path)!.bytes)
  const { start, end } = ranges.find(({ what }) => what === 'variable action')!
  const bytes = readFileSync(raw.full(path)).subarray(start, end)
  expect((bytes.readUInt32LE(0) === 15 ? inflateSync(bytes.subarray(8)) : bytes).includes('action')).toBe(true)
})

test.each([['line 1', 'clip,x\n'], ['line 3', 'b,2\n'], ['rows 2 to 3', 'a,1\nb,2\n'], ['row 4', 'c,3']])('%s of a text file is %j', (place, text) => {
  expect(textOf('lists/a.csv', rangesOf('lists/a.csv', place)![0]!)).toBe(text)
})

test('a TFRecord is its head, its payload and its checksum', () => {
  expect(rangesOf('lists/a.tfrecord', 'record 1 at byte 18')).toEqual([{ what: 'record', start: 18, end: 37 }])
})

test('a place in a file without fixed bytes has none, a file without a place is taken whole', () => {
  expect(rangesOf('lists/a.csv', 'annotations[3]')).toBeNull()
  expect(rangesOf('lists/a.csv', null)).toEqual([{ what: 'whole file', start: 0, end: 18 }])
})
