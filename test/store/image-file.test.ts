import { open, readdir, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/hash.ts'
import { type Disk, realDisk } from '../../src/store/disk.ts'
import { openImageFile, openImages } from '../../src/store/image-file.ts'
import { pythonWith, runPython } from '../python.ts'
import { temporaryFolder } from './folder.ts'
import { canMount, mountTmpfs } from './mount.ts'

const metadata = { posetta: 'store 2', dataset: 'ürm' }
const picture = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + bytes) % 251)
const film = (...sizes: readonly number[]) => sizes.map((bytes, i) => ({ frame: 3 * i, image: picture(bytes) }))
const films = { 'tiny/a': film(0, 1, 63 << 10, 1 << 20), 'tiny/without': [], 'tiny/日本': film(15_375, 2) }
const rows = Object.entries(films).flatMap(([film, images]) => images.map((row) => ({ film, ...row })))

async function write(contents: Readonly<Record<string, ReturnType<typeof film>>>, disk: Disk = realDisk) {
  const path = join(await temporaryFolder(), "it's.parquet")
  const file = await openImageFile(path, { metadata, disk })
  const places = []
  for (const [name, images] of Object.entries(contents)) places.push(...await file.add(name, images))
  return { path, places, ...await file.close() }
}

async function query(path: string, sql: string) {
  const duck = await (await DuckDBInstance.create(':memory:')).connect()
  return (await duck.runAndReadAll(sql, [path])).getRowObjectsJS()
}

describe('a written file', () => {
  test('has each image where the writer said, in one read, empty ones too', async () => {
    const { path, places, offsets } = await write(films)
    const images = await openImages(path)
    for (const [i, { image }] of rows.entries()) {
      expect(sha256(await images.read(places[i]!))).toBe(sha256(image))
    }
    await images.close()
    expect(offsets).toEqual(places.map(({ offset }) => offset))
  })

  test('says how large it is and its sha256', async () => {
    const { path, rows: count, bytes, sha256: hash } = await write(films)
    const content = await readFile(path)
    expect({ count, bytes, hash }).toEqual({ count: 6, bytes: content.length, hash: sha256(content) })
  })

  test('has the same bytes for the same rows', async () => {
    expect((await write(films)).sha256).toBe((await write(films)).sha256)
  })

  // by hand from parquet.thrift and the compact protocol
  test('is PAR1, a page of films, one of frames, one of images, and where they lie', async () => {
    const { path, offsets } = await write({ a: [{ frame: 7, image: Uint8Array.of(0xff, 0xd8, 0xd9) }] })
    const header = (bytes: string) => `1500${bytes}${bytes}2c1502150015061506${'0000'}`
    const index = (page: string) => `191c${page}0000`
    expect((await readFile(path)).subarray(0, 101).toString('hex')).toBe([
      '50415231', header('150a'), '0100000061', header('1508'), '07000000', header('150e'), '03000000ffd8d9',
      index('1608152c1600'), index('1634152a1600'), index('165e15301600')].join(''))
    expect(offsets).toEqual([68])
  })

  // by hand: films in 32 bytes from byte 4 on, frames in 29, images in pages of 60,029 and 30,025
  test('begins a page where an image would make the last one larger than 64 KiB', async () => {
    const { path, offsets } = await write({ a: film(30_000, 30_000, 30_000) })
    expect(offsets).toEqual([65 + 21 + 4, 65 + 21 + 30_008, 65 + 60_029 + 21 + 4])
    expect((await readFile(path)).toString('hex')).toContain('192c16820115faa90716000016fcaa071592d50316040000')
  })
})

describe('DuckDB', () => {
  test('reads films, frames and untouched images', async () => {
    const { path } = await write(films)
    const read = await query(path, 'SELECT * FROM read_parquet($1)')
    expect(read.map((row) => ({ ...row, image: sha256(row['image'] as Uint8Array) }))).toEqual(rows.map((row) => ({ ...row, image: sha256(row.image) })))
  })

  test('finds a film in a row group of its own, by its name', async () => {
    const { path } = await write(films)
    const ranges = 'SELECT row_group_num_rows AS rows, stats_min_value AS least, stats_max_value AS most FROM parquet_metadata($1) WHERE column_id < 2'
    expect(await query(path, `${ranges} ORDER BY ALL DESC`)).toEqual([
      { rows: 4n, least: 'tiny/a', most: 'tiny/a' }, { rows: 4n, least: '0', most: '9' },
      { rows: 2n, least: 'tiny/日本', most: 'tiny/日本' }, { rows: 2n, least: '0', most: '3' },
    ])
    expect(await query(path, "SELECT frame FROM read_parquet($1) WHERE film = 'tiny/日本' AND frame > 1")).toEqual([{ frame: 3 }])
  })

  test('finds several row groups where a film has more than 16 MiB', async () => {
    const { path } = await write({ long: [9 << 20, 7 << 20, 1, 17 << 20, 5].map((bytes, frame) => ({ frame, image: new Uint8Array(bytes) })) })
    const groups = await query(path, 'SELECT row_group_num_rows AS rows FROM parquet_metadata($1) WHERE column_id = 2 ORDER BY row_group_id')
    expect(groups).toEqual([2n, 1n, 1n, 1n].map((rows) => ({ rows })))
  })

  test('reads a file without films', async () => {
    const { path } = await write({ 'tiny/without': [] })
    expect(await query(path, 'SELECT column_name AS name, column_type AS type FROM (DESCRIBE SELECT * FROM read_parquet($1))')).toEqual([
      { name: 'film', type: 'VARCHAR' }, { name: 'frame', type: 'INTEGER' }, { name: 'image', type: 'BLOB' }])
    expect(await query(path, 'SELECT * FROM read_parquet($1)')).toEqual([])
  })
})

const python = pythonWith('pyarrow')
test.skipIf(python === null)('pyarrow reads the same, without compression or dictionary, with an offset index for every column', async () => {
  const { path } = await write(films)
  const read: unknown = JSON.parse(runPython(python!, `
import hashlib, json, sys, pyarrow.parquet as pq
file = pq.ParquetFile(sys.stdin.read())
chunks = [file.metadata.row_group(g).column(c) for g in range(file.num_row_groups) for c in range(3)]
print(json.dumps({
  'rows': [[r['film'], r['frame'], hashlib.sha256(r['image']).hexdigest()] for r in file.read().to_pylist()],
  'types': [str(f.type) + (' or null' if f.nullable else '') for f in file.schema_arrow],
  'chunks': sorted({(c.compression, c.encodings, c.has_dictionary_page, c.has_offset_index, c.has_column_index) for c in chunks}),
  'metadata': {k.decode(): v.decode() for k, v in file.metadata.metadata.items()}}))`, path))
  expect(read).toEqual({
    rows: rows.map(({ film, frame, image }) => [film, frame, sha256(image)]), types: ['string', 'int32', 'binary'],
    chunks: [['UNCOMPRESSED', ['PLAIN'], false, true, false]], metadata,
  })
})

describe('writing', () => {
  test('takes films one after the other, also from who does not wait, and images as they come', async () => {
    const path = join(await temporaryFolder(), 'images.parquet')
    const file = await openImageFile(path, { metadata })
    const arriving = (async function* () { yield* films['tiny/a'] })()
    void file.add('tiny/a', arriving)
    void file.add('tiny/日本', films['tiny/日本'])
    expect((await file.close()).sha256).toBe((await write(films)).sha256)
  })

  test('goes on where the system wrote a part', async () => {
    const whole = await write(films)
    const halves = await write(films, { ...realDisk, open: async (...args) => {
      const handle = await open(...args)
      const writev = handle.writev.bind(handle)
      handle.writev = (buffers, at) => {
        const all = Buffer.concat(buffers as readonly Uint8Array[])
        return writev([all.subarray(0, Math.ceil(all.length / 2))], at)
      }
      return handle
    } })
    expect(sha256(await readFile(halves.path))).toBe(whole.sha256)
    expect(halves.places).toEqual(whole.places)
  })

  test.skipIf(!canMount)('fails on a full disk in this call and in those after it, and leaves nothing when given up', async () => {
    const folder = mountTmpfs(1 << 20)
    const file = await openImageFile(join(folder, 'images.parquet'), { metadata })
    const full = 'ENOSPC: no space left on device, write'
    await file.add('small', film(1000))
    await expect(file.add('large', film(2 << 20))).rejects.toThrow(full)
    await expect(file.add('small', film(1))).rejects.toThrow(full)
    await expect(file.close()).rejects.toThrow(full)
    await file.abort()
    expect(await readdir(folder)).toEqual([])
  })

  test('leaves nothing when given up after the end', async () => {
    const folder = await temporaryFolder()
    const file = await openImageFile(join(folder, 'images.parquet'), { metadata })
    await file.close()
    await file.abort()
    expect(await readdir(folder)).toEqual([])
  })
})

describe('reading', () => {
  test('refuses an image that the file ends in', async () => {
    const { path, places } = await write({ a: film(50) })
    await truncate(path, places[0]!.offset + 40)
    const images = await openImages(path)
    await expect(images.read(places[0]!)).rejects.toThrow(`"${path}" has 40 of the 50 bytes of the image at byte 68`)
    await expect(images.read(places[0]!)).rejects.toMatchObject({ code: 'E_IMAGE_READ', exit: 4 })
    await images.close()
  })

  test('refuses a file that is not there', async () => {
    const path = join(await temporaryFolder(), 'gone.parquet')
    await expect(openImages(path)).rejects.toThrow(`cannot open "${path}": ENOENT: no such file or directory, open '${path}'`)
  })
})
