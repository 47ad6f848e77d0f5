import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../../src/hash.ts'
import { isQuarantined, openRawFolder, orQuarantined, type RawFolder } from '../../src/ingest/raw-folder.ts'
import { FormatError } from '../../src/ingest/readers/format-error.ts'

const dir = mkdtempSync(join(tmpdir(), 'posetta-raw-'))
let raw: RawFolder
beforeAll(() => {
  for (const folder of ['labels', 'labels/b', '__MACOSX']) mkdirSync(join(dir, folder))
  for (const name of ['labels/b.mat', 'labels/a.mat', 'labels/B.mat', 'labels/._a.mat', 'labels/.DS_Store', 'labels/Thumbs.db']) writeFileSync(join(dir, name), name)
  symlinkSync(join(dir, 'labels'), join(dir, 'linked'))
  raw = openRawFolder(dir)
})
afterAll(() => rmSync(dir, { recursive: true }))

test('lists names in the order of their letters, without what macOS and Windows leave', () => {
  expect(raw.list('labels')).toEqual([{ name: 'B.mat', isFolder: false }, { name: 'a.mat', isFolder: false }, { name: 'b', isFolder: true }, { name: 'b.mat', isFolder: false }])
  expect(raw.list('')).toEqual([{ name: 'labels', isFolder: true }, { name: 'linked', isFolder: true }])
  expect(raw.list('nowhere')).toEqual([])
})

test('a link that leads nowhere or in a circle is a file among the others', () => {
  const links = join(dir, 'links')
  mkdirSync(links)
  symlinkSync('/nonexistent', join(links, 'a'))
  symlinkSync('b', join(links, 'b'))
  writeFileSync(join(links, 'c'), 'c')
  expect(raw.list('links').map(({ name, isFolder }) => [name, isFolder])).toEqual([['a', false], ['b', false], ['c', false]])
  expect(() => raw.read('links/a')).toThrow(expect.objectContaining({ code: 'E_RAW_READ', message: 'cannot read links/a: ENOENT' }))
  expect(() => raw.read('links/b')).toThrow(expect.objectContaining({ code: 'E_RAW_READ', message: 'cannot read links/b: ELOOP' }))
})

test('reads a file whole, with its hash', () => {
  expect(raw.read('labels/a.mat')).toMatchObject({ path: 'labels/a.mat', bytes: Buffer.from('labels/a.mat'), sha256: sha256('labels/a.mat') })
})

describe('refuses', () => {
  test.each(['../secret', 'labels/../../secret', '/etc/passwd', 'labels\\..\\secret', 'labels/a\0.mat'])('the path %j, which leads out of the folder', (path) => {
    for (const ask of [() => raw.read(path), () => raw.list(path), () => raw.stat(path), () => raw.full(path)]) {
      expect(ask).toThrow(expect.objectContaining({ code: 'E_RAW_PATH', message: `the path "${path}" leads out of the raw folder` }))
    }
  })

  test.each([
    ['a file that is not there', 'labels/c.mat', 'cannot read labels/c.mat: ENOENT'], ['a folder', 'labels', 'labels is no regular file'],
  ])('to read %s', (_, path, message) => expect(() => raw.read(path)).toThrow(expect.objectContaining({ code: 'E_RAW_READ', message })))

  test('to read a file that is larger than allowed', () => {
    expect(() => raw.read('labels/a.mat', { maxBytes: 5 })).toThrow(expect.objectContaining({ code: 'E_RAW_LARGE', message: 'labels/a.mat has 12 bytes, at most 5 are read' }))
  })
})

describe('sets aside', () => {
  test('what a reader refuses, with code, byte, hash and the way back in', () => {
    const file = raw.read('labels/a.mat')
    const entry = orQuarantined('labels/a.mat', file, () => {
      throw new FormatError('E_MAT_SHORT', 'cut short', 7)
    })
    expect(entry).toEqual({ source: 'labels/a.mat', code: 'E_MAT_SHORT', message: 'cut short', offset: 7, sha256: file.sha256,
      readmit: 'mend or replace the file and run the same ingest again: what changed is read anew' })
    expect([isQuarantined(entry), isQuarantined(file)]).toEqual([true, false])
  })

  test('nothing that is our own mistake', () => {
    expect(() => orQuarantined('x', null, () => { throw new TypeError('undefined is not a function') })).toThrow('undefined is not a function')
  })
})
