import type { CatalogNames } from '../queries/index.ts'

const keywords = ['select', 'from', 'where', 'group by', 'order by', 'limit', 'join', 'on', 'using', 'having', 'distinct', 'count(*)', 'avg(', 'min(', 'max(', 'sum(', 'with', 'as', 'and', 'or', 'not', 'in', 'is null', 'case', 'when', 'then', 'else', 'end', 'union all',
  'describe', 'summarize', 'explain', 'filter', 'over', 'partition by', 'desc', 'between', 'like']

/** What Tab offers: what may stand at the end of a line, and how much of it is there already. */
export type Completions = [hits: string[], typed: string]

/**
 * Tables and macros after FROM and JOIN, columns of a table after its name and a dot, joints inside a text, dot commands and their arguments; else columns, tables, macros
 * and words of SQL.
 */
export function completions(line: string, { tables, macros, joints }: CatalogNames, dotCommands: Readonly<Record<string, readonly string[]>>): Completions {
  const dot = /^\s*(?<command>\.\w*)(?:\s+(?<argument>\S*))?$/.exec(line)?.groups
  if (dot !== undefined) return dot['argument'] === undefined ? fitting(Object.keys(dotCommands), dot['command']!) : fitting(dotCommands[dot['command']!] ?? [], dot['argument'])
  const text = /'(?<typed>[^']*)$/.exec(line.replaceAll(/'[^']*'/g, ' '))?.groups
  if (text !== undefined) return fitting(joints.map((joint) => `${joint}'`), text['typed']!)
  const member = /(?<table>\w+)\.(?<typed>\w*)$/.exec(line)?.groups
  if (member !== undefined) return fitting(columnsOf(tables, [member['table']!]), member['typed']!)
  const typed = /\w*$/.exec(line)![0]
  const places = [...tables.keys(), ...macros.map((macro) => `${macro}(`)]
  if (/\b(?:from|join|describe|summarize)\s+\w*$/i.test(line)) return fitting(places, typed)
  return fitting([...columnsOf(tables, [...tables.keys()]), ...places, ...keywords], typed)
}

function columnsOf(tables: CatalogNames['tables'], names: readonly string[]): string[] {
  return names.flatMap((name) => tables.get(name.toLowerCase()) ?? []).map(({ name }) => name)
}

function fitting(words: readonly string[], typed: string): Completions {
  return [[...new Set(words)].filter((word) => word.toLowerCase().startsWith(typed.toLowerCase())).sort(), typed]
}
