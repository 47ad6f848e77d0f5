import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unknownName } from '../errors.ts'
import { parametersOf } from './fill-values.ts'

/** A query that is asked by name: one that comes with the package, or a file of one's own. */
export type SavedQuery = {
  readonly name: string
  readonly origin: 'package' | 'own'
  /** What it is for, as its header says (`-- Why: ...`, else its first comment); empty where it says nothing. */
  readonly about: string
  /** What has to be given a value. */
  readonly parameters: readonly string[]
  readonly sql: string
}

const shipped = fileURLToPath(new URL('./saved/', import.meta.url))

/** The queries of the package and the files `*.sql` of `folder`, where there is such a folder, in order of name; one's own stands in place of one of the package. */
export async function listSaved(folder: string): Promise<SavedQuery[]> {
  const [ours, own] = await Promise.all([queriesIn(shipped, 'package'), queriesIn(folder, 'own')])
  return [...ours.filter(({ name }) => own.every((query) => query.name !== name)), ...own].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** One of them by name. Throws E_SAVED_UNKNOWN with the nearest name. */
export async function savedQuery(name: string, folder: string): Promise<SavedQuery> {
  const queries = await listSaved(folder)
  const found = queries.find((query) => query.name === name)
  if (found === undefined) throw unknownName('E_SAVED_UNKNOWN', 'saved query', name, queries.map((query) => query.name))
  return found
}

async function queriesIn(folder: string, origin: SavedQuery['origin']): Promise<SavedQuery[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
  return Promise.all(files.filter((file) => file.endsWith('.sql')).map(async (file) => {
    const sql = await readFile(join(folder, file), 'utf8')
    return { name: file.slice(0, -'.sql'.length), origin, about: /^-- Why: (.*)$/m.exec(sql)?.[1] ?? /^--\s*(.*)$/m.exec(sql)?.[1] ?? '', parameters: parametersOf(sql), sql }
  }))
}
