import type { DuckDBConnection } from '@duckdb/node-api'
import { defaultMemory, withDatabase } from '../sandbox.ts'
import { objectionsTo } from './function-rules.ts'
import { learn } from './knowledge.ts'
import { type LintFinding, lintLevels } from './lint-finding.ts'
import { maskSql } from './mask-sql.ts'
import { isQuery, type ParseNode, parseSql, partsOf, placeOf } from './parse-tree.ts'
import { objectionsToQuery, objectionsToTable, type PlacedObjection } from './query-rules.ts'
import { type LintKnowledge, type Scope, scopeOf } from './scope.ts'
import { isOneRow, orderOf } from './total-order.ts'

/** Finds in SQL what can make its answer change between runs. Nothing is run, no store is needed. */
export type Linter = (sql: string) => Promise<LintFinding[]>

/** Lets `use` lint, in a DuckDB that knows the tables of docs/cli.md and no files. */
export async function withLinter<T>(use: (lint: Linter) => Promise<T>): Promise<T> {
  return withDatabase(defaultMemory(), async (connection) => {
    const known = await learn(connection)
    return use((sql) => lintSql(connection, sql, known))
  })
}

/** What stands before the query of a table macro; who asks the macro orders its rows. */
const macroHead = /^\s*create\s+(?:or\s+replace\s+)?(?:temp\s+)?macro\s+\w+\s*\([^)]*\)\s+as\s+table\s/i

async function lintSql(connection: DuckDBConnection, sql: string, known: LintKnowledge): Promise<LintFinding[]> {
  const bytes = Buffer.from(sql).toString('latin1')
  const words = maskSql(bytes)
  const head = macroHead.exec(words)?.[0].length ?? 0
  const parsed = await parseSql(connection, Buffer.from(' '.repeat(head) + bytes.slice(head), 'latin1').toString())
  if ('problem' in parsed) return [findingAt(sql, parsed.at, { code: 'syntax', message: parsed.problem })]
  const samples = [...words.matchAll(/\b(?:tablesample|using\s+sample)\b/gi)].map(({ index }) => index)
  const found = [...objectionsIn(parsed.query, { scope: null, parent: null, at: words.search(/\S/) }, known), ...(head > 0 ? [] : unordered(parsed.query, known))]
  const placed = found.map((objection) => findingAt(sql, objection.code === 'sample' ? samples.shift()! : byteOf(objection, words), objection))
  const once = new Map(placed.map((finding) => [JSON.stringify(finding), finding]))
  return [...once.values()].sort((a, b) => a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : 1))
}

/** Where a part of a statement stands: in which query, in a call of which function, and the nearest byte that is known. */
type Where = { readonly scope: Scope | null; readonly parent: string | null; readonly at: number }

function objectionsIn(node: ParseNode, where: Where, known: LintKnowledge): PlacedObjection[] {
  if (node.type === 'SHOW_REF') return []
  const at = placeOf(node) ?? where.at
  const scope = isQuery(node) ? scopeOf(node, where.scope) : where.scope
  const own: PlacedObjection[] = scope === null ? [] : [
    ...(isQuery(node) ? objectionsToQuery(node, scope, known.functions.aggregates).filter(({ code }) => code !== 'star' || where.parent !== 'exists') : []),
    ...objectionsTo(node, scope, known, where.parent).map((objection) => ({ ...objection, at })),
    ...objectionsToTable(node),
    ...(node.sample == null ? [] : [{ code: 'sample' as const, at: null, message: 'a sample is drawn by chance: choose by bucket($salt, group_id)' }]),
  ]
  const parent = node.subquery_type === 'EXISTS' ? 'exists' : node.function_name?.toLowerCase() ?? (Array.isArray(node) || node.class === undefined && !isQuery(node) ? where.parent : null)
  return [...own.map((objection) => ({ ...objection, at: objection.at ?? (objection.word === undefined ? at : null) })), ...partsOf(node).flatMap((part) => objectionsIn(part, { scope, parent, at }, known))]
}

/** The rows of an answer without ORDER BY come in any order. */
function unordered(query: ParseNode, { functions }: LintKnowledge): PlacedObjection[] {
  const isFixed = orderOf(query).length > 0 || isOneRow(query, functions.aggregates) || ['SHOW_REF', 'EXPRESSION_LIST'].includes(query.from_table?.type ?? '')
  return isFixed ? [] : [{ code: 'unordered', at: null, word: /\S/g, message: 'without ORDER BY the rows come in any order' }]
}

/** The byte of an objection: that of its word, the last one before what it is about; or the first that is followed by a parameter, which the parser gives no place. */
function byteOf({ at, word }: PlacedObjection, words: string): number {
  if (word === undefined) return at ?? 0
  const places = [...words.matchAll(word)].map(({ index }) => index)
  if (at !== null) return places.findLast((place) => place < at) ?? at
  return places.find((place) => /^\w+\s+[$?]/.test(words.slice(place))) ?? places[0] ?? 0
}

/** A finding at a byte of the text; columns count as JavaScript and editors do. */
function findingAt(sql: string, byte: number, { code, message }: Pick<PlacedObjection, 'code' | 'message'>): LintFinding {
  const before = Buffer.from(sql).subarray(0, byte).toString().split('\n')
  return { code, level: lintLevels[code], line: before.length, column: before.at(-1)!.length + 1, message }
}
