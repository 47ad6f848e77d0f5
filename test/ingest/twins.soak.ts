import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { adapters } from '../../src/ingest/adapters/index.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/write-twin.ts'
import { listImages, readClips, readImages, verify } from '../../src/store/index.ts'
import { hashTree } from '../store/folder.ts'
import { contextOf, readFilms } from './read-film.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-twins-'))
afterAll(() => rm(folder, { recursive: true }))

// What the adapters read is held to the twins' truth in their own tests; here it goes through the store and back.
describe.each([['penn-action', 4], ['ikea-asm', 2], ['h2o', 2]] as const)('a twin of %s', (name, clips) => {
  const [rawDir, storeDir] = [join(folder, name), join(folder, 'store')]

  test('goes into the store and comes back value by value, pictures byte by byte', async () => {
    const entry = entryOf(await readCatalog(), name)
    await writeTwin(entry, rawDir, { clips, seed: 3, frames: true })
    const result = await ingest({ entry, rawDir, storeDir, jobs: 1, frames: 'embed' })
    expect(result).toMatchObject({ quarantined: [], complete: false })
    const films = await readFilms(await adapters[entry.adapter]!(), contextOf(entry, rawDir, { frames: 'embed' }))
    const expected = films.flatMap((film) => film.clips)
    expect(await readClips(storeDir, name, undefined, { raw: true })).toEqual(expected)
    expect(result.clips).toBe(expected.length)
    expect(result.images).toBe(films.reduce((sum, { images }) => sum + (images?.length ?? 0), 0))
    const film = films.find(({ images }) => images !== null)!
    const images = await listImages(storeDir, name, film.clips[0]!.id.split('#')[0]!)
    expect(images.map(({ frame, path, hash }) => ({ frame, path, hash }))).toEqual(film.images!.map(({ frame, path, hash }) => ({ frame, path, hash })))
    expect(await readImages(storeDir, name, images.slice(0, 5))).toEqual(film.images!.slice(0, 5).map(({ data }) => new Uint8Array(data!)))
    expect((await verify(storeDir, name, { deep: true })).problems).toEqual([])
  })

  test('again is the same bytes, and no raw file is read', async () => {
    const entry = entryOf(await readCatalog(), name)
    const before = await hashTree(join(storeDir, name))
    expect((await ingest({ entry, rawDir, storeDir, jobs: 1, frames: 'embed' })).read).toBe(0)
    expect(await hashTree(join(storeDir, name))).toEqual(before)
  })
})
