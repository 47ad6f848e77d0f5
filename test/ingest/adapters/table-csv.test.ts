import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { csvRows, readCsvHead } from '../../../src/ingest/adapters/table/table-csv.ts'
import { withFile } from '../../../src/ingest/large-file.ts'
import { openRawFolder } from '../../../src/ingest/raw-folder.ts'
import { temporaryFolder } from '../../store/folder.ts'

/** Header and records of a file of these bytes. */
async function read(content: string | Uint8Array): Promise<{ header: readonly string[]; cells: (readonly string[])[]; places: number[][] }> {
  const folder = await temporaryFolder()
  writeFileSync(join(folder, 'a.csv'), content)
  return withFile(openRawFolder(folder), 'a.csv', (file) => {
    const { header, delimiter, body } = readCsvHead(file)
    const rows = [...csvRows(file, delimiter, body)].flat()
    return { header, cells: rows.map(({ cells }) => cells), places: rows.map(({ number, start, end }) => [number, start, end]) }
  })
}

describe('reads', () => {
  test('records with their lines and bytes', async () => {
    expect(await read('a,b\n1,2\n3,4\n')).toEqual({ header: ['a', 'b'], cells: [['1', '2'], ['3', '4']], places: [[2, 4, 8], [3, 8, 12]] })
  })

  test.each([
    ['without a line break at the end', 'a,b\n1,2'],
    ['with Windows\' line breaks', 'a,b\r\n1,2\r\n'],
    ['after a byte order mark', '\ufeffa,b\n1,2\n'],
    ['with semicolons', 'a;b\n1;2\n'],
    ['with tabs', 'a\tb\n1\t2\n'],
    ['with quotes around everything', '"a";"b"\n"1";"2"\n'],
    ['with empty lines', '\na,b\n\n1,2\n\n'],
  ])('%s', async (_, content) => {
    expect(await read(content)).toMatchObject({ header: ['a', 'b'], cells: [['1', '2']] })
  })

  test('what quotes hold: delimiters, line breaks and quotes', async () => {
    expect(await read('a,b\n"1,""one""","2\n3"\n4,\n')).toEqual({
      header: ['a', 'b'], cells: [['1,"one"', '2\n3'], ['4', '']], places: [[2, 4, 22], [4, 22, 25]] })
  })

  test('a quote inside a cell as it stands', async () => {
    expect((await read('a,b\n5" tall,\'x\'\n')).cells).toEqual([['5" tall', '\'x\'']])
  })

  test('a file longer than a window, cut nowhere', async () => {
    const lines = Array.from({ length: 200_000 }, (_, at) => `${at},"é\n${at}"`)
    const { cells, places } = await read(`a,b\n${lines.join('\n')}\n`)
    expect([cells.length, cells[199_999], places[199_999]![0]]).toEqual([200_000, ['199999', 'é\n199999'], 400_000])
  })
})

describe('refuses', () => {
  test.each([
    ['an empty file', '', 'E_CSV_EMPTY', 'the file is empty (0 bytes)', 0],
    ['a file of empty lines', '\n\n', 'E_CSV_EMPTY', 'the file has no header', 0],
    ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), 'E_CSV_UTF8', 'the file is UTF-16', 0],
    ['Latin 1', Buffer.from('a,b\n1,\xe9\n', 'latin1'), 'E_CSV_UTF8', 'line 2 is no UTF-8', 4],
    ['a quote that is never closed', 'a,b\n1,2\n3,"4\n', 'E_CSV_QUOTE', 'line 3 does not end within 5 bytes: is a quote opened and not closed?', 8],
    ['text behind a closing quote', 'a,b\n1,"2"3\n', 'E_CSV_QUOTE', 'line 2: something stands behind a closing quote', 9],
  ])('%s', async (_, content, code, message, offset) => {
    await expect(read(content)).rejects.toMatchObject({ code, message, offset })
  })
})
