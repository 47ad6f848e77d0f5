import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { encodeRows, NULL_FLOAT, NULL_INTEGER, startEncoding, type Value } from '../../src/store/canonical.ts'
import { commitHash } from '../../src/store/manifest.ts'
import { leafHash, merkleRoot } from '../../src/store/merkle.ts'
import { packClip } from '../../src/store/pack-clip.ts'
import { type Column, type ColumnType, columnsOf } from '../../src/store/schema.ts'
import { rowHash } from '../../src/store/shard-tables.ts'
import { skeletons, three } from './clips.ts'
import { goldenClips } from './golden-clips.ts'

// the hex digits in the document come from test/interop/read_store.py
const block = /Test vectors[\s\S]*?```text\n(?<lines>[\s\S]*?)```/.exec(readFileSync(new URL('../../docs/store-format.md', import.meta.url), 'utf8'))!.groups!['lines']!
const documented = Object.fromEntries(block.trim().split('\n').map((line) => /^(?<what>.*?) +(?<hex>[0-9a-f]+)$/.exec(line)!).map(({ groups }) => [groups!['what'], groups!['hex']]))

const rows = (columns: readonly Column[], values: readonly (readonly Value[])[]): string => {
  const encoding = startEncoding()
  encodeRows(encoding, columns, values)
  return Buffer.from(encoding.bytes()).toString('hex')
}
/** One value: what follows the number of rows. */
const value = (type: ColumnType, one: Value): string => rows([{ name: 'a', type }], [[one]]).slice(8)
const hex = (words: Uint32Array): string => Buffer.from(words.buffer).toString('hex')
const leaves = [0, 1, 2].map((byte) => leafHash(Uint8Array.of(byte)))
const [first, second, third] = goldenClips.map((clip) => packClip(clip, [...skeletons, three].find(({ name }) => name === clip.skeleton)?.joints ?? []).hash) as [string, string, string]
const aside = rowHash(columnsOf('quarantine'), ['tiny', 'labels/c.mat', 'E_MAT', 'cut short', 128, null, 'mend it'])
const empty = merkleRoot([])

test('the test vectors of the format are what this store writes', () => {
  const root = merkleRoot([first, second, third, aside])
  expect({
    'text "é"': value('text', 'é'), 'text null': value('text', null), 'number null': value('double', null), 'number 30': value('integer', 30), 'texts ["a","b"]': value('texts', ['a', 'b']),
    'sides ["xset","test"] ["xsub",null]': rows(columnsOf('sides').slice(1), [['xset', 'test'], ['xsub', null]]),
    'floats 0 null 1.5': hex(Uint32Array.of(0, NULL_FLOAT, 0x3fc00000)), 'integers 0 null 2': hex(Uint32Array.of(0, NULL_INTEGER >>> 0, 2)),
    'leaf 00': leaves[0], 'root of nothing': empty, 'root of the leaves 00, 01, 02': merkleRoot(leaves),
    'quarantine "tiny","labels/c.mat","E_MAT","cut short",128,null,"mend it"': aside,
    'golden-store-2 tiny, clip tiny/a': first, 'golden-store-2 tiny, clip tiny/b': second, 'golden-store-2 tiny, root': root,
    'golden-store-2 tiny, commit': commitHash(root, commitHash(merkleRoot([first, second]), null, empty), empty),
  }).toEqual(documented)
})
