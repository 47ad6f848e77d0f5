import { unknownName } from '../errors.ts'
import type { CatalogNames, SavedQuery } from '../queries/index.ts'
import { savedText } from './ask-sql.ts'
import { textTable } from './text-table.ts'

/** What a line that begins with a dot asks for: a text to show, a query to run (with `name=value`), another format, or the end. */
export type DotOutcome = { readonly text: string } | { readonly sql: string; readonly values: readonly string[] } | { readonly format: PromptFormat } | { readonly end: true }

export const promptFormats = ['table', 'csv', 'json'] as const
export type PromptFormat = (typeof promptFormats)[number]

const help: Readonly<Record<string, string>> = {
  '.help': 'this', '.tables': 'tables, macros and joints', '.schema': 'columns of a table: .schema clips', '.saved': 'saved queries; .saved NAME name=value runs one', '.format': `how answers are written: .format ${promptFormats.join('|')}`,
  '.quit': 'the end; Ctrl-D too',
}

/** What Tab offers after a dot command. */
export function dotArguments({ tables }: CatalogNames, saved: readonly SavedQuery[]): Readonly<Record<string, readonly string[]>> {
  return { ...Object.fromEntries(Object.keys(help).map((name) => [name, []])), '.schema': [...tables.keys()], '.saved': saved.map(({ name }) => name), '.format': promptFormats }
}

/** Obeys a line that begins with a dot. Throws with the nearest name for what there is none of. */
export function dotCommand(line: string, names: CatalogNames, saved: readonly SavedQuery[]): DotOutcome {
  const [command, argument, ...rest] = line.trim().split(/\s+/)
  switch (command) {
    case '.help': return { text: `${textTable(['command', ''], Object.entries(help))}\n\nA query ends with ; and may take several lines. Tab completes, Ctrl-C stops a query.` }
    case '.tables': return { text: [`tables: ${[...names.tables.keys()].join(', ')}`, `macros: ${names.macros.join(', ')}`, `joints: ${names.joints.join(', ') || '(none)'}`].join('\n') }
    case '.schema': return { text: schemaText(names, argument ?? '') }
    case '.saved': {
      if (argument === undefined) return { text: savedText(saved) }
      const query = saved.find(({ name }) => name === argument)
      if (query === undefined) throw unknownName('E_SAVED_UNKNOWN', 'saved query', argument, saved.map(({ name }) => name))
      return { sql: query.sql, values: rest }
    }
    case '.format': {
      const format = promptFormats.find((name) => name === argument)
      if (format === undefined) throw unknownName('E_FORMAT_UNKNOWN', 'format', argument ?? '', promptFormats)
      return { format }
    }
    case '.quit': case '.exit': return { end: true }
    default: throw unknownName('E_COMMAND_UNKNOWN', 'command', command!, Object.keys(help))
  }
}

function schemaText({ tables }: CatalogNames, table: string): string {
  const columns = tables.get(table)
  if (columns === undefined) throw unknownName('E_TABLE_UNKNOWN', 'table', table, [...tables.keys()])
  return textTable(['column', 'type'], columns.map(({ name, type }) => [name, type]))
}
