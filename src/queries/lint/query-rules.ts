import type { Objection } from './function-rules.ts'
import { firstPlace, isQuery, type ParseNode, partsOf, placeOf } from './parse-tree.ts'
import type { Scope } from './scope.ts'
import { isOneRow, isTotal, orderOf } from './total-order.ts'

/** An objection and where it is: at a byte, or at a word before or after one. */
export type PlacedObjection = Objection & { readonly at: number | null; readonly word?: RegExp }

const wildcard = /[*?[\]{}]/
/** Table functions of one column. */
const plain = new Set(['range', 'generate_series', 'unnest'])
const files = /^(?:read_|parquet_|sniff_)/

/** What is wrong with a query as a whole; what is within its expressions, and in queries within it, is found there. */
export function objectionsToQuery(query: ParseNode, scope: Scope, aggregates: ReadonlySet<string>): PlacedObjection[] {
  return [...cuts(query, scope, aggregates), ...stars(query, scope)]
}

/** LIMIT, OFFSET and DISTINCT ON, which keep some rows and not others. */
function cuts(query: ParseNode, scope: Scope, aggregates: ReadonlySet<string>): PlacedObjection[] {
  if (isOneRow(query, aggregates)) return []
  const limits = (query.modifiers ?? []).filter(({ type }) => type === 'LIMIT_MODIFIER' || type === 'LIMIT_PERCENT_MODIFIER')
  const distinct = (query.modifiers ?? []).filter(({ distinct_on_targets: targets = [] }) => targets.length > 0)
  const orders = orderOf(query)
  if (orders.length > 0) {
    const isTied = limits.length + distinct.length > 0 && !isTotal(query, scope, aggregates)
    return isTied ? [{ code: 'ties', at: firstPlace(orders[0]!.expression), message: 'rows may tie in this ORDER BY, and which of them are kept may change: add a column that tells them apart, such as clip_id' }] : []
  }
  return [
    ...limits.map(({ limit, offset }): PlacedObjection => {
      const name = limit == null ? 'OFFSET' : 'LIMIT'
      return { code: 'limit-order', at: placeOf((limit ?? offset)!), word: limit == null ? /\boffset\b/gi : /\blimit\b/gi, message: `${name} without ORDER BY keeps any of the rows` }
    }),
    ...distinct.map((modifier): PlacedObjection => (
      { code: 'distinct-on-order', at: placeOf(modifier.distinct_on_targets![0]!), word: /\bdistinct\b/gi, message: 'DISTINCT ON without ORDER BY keeps any of the rows that are alike' })),
  ]
}

/** `*` and COLUMNS(...) of tables; those of queries that name their columns are as good as names. */
function stars({ select_list: items = [], from_table: from }: ParseNode, { sources }: Scope): PlacedObjection[] {
  const isOpen = (qualifier: string): boolean =>
    sources.some(({ name, table }) => (qualifier === '' || name === qualifier.toLowerCase()) && table !== null && !plain.has(table))
  return items.flatMap(starsIn).filter(({ relation_name: qualifier = '' }) => isOpen(qualifier))
    // a star that FROM first leaves out has place 0
    .map((star) => ({ code: 'star', at: placeOf(star) || (from == null ? null : placeOf(from)), message: 'the columns behind * change when the table gets another one: name them' }))
}

function starsIn(node: ParseNode): ParseNode[] {
  if (node.class === 'STAR') return [node]
  return partsOf(node).filter((part) => !isQuery(part)).flatMap(starsIn)
}

/** What is wrong with a table of a FROM: files by a pattern, tables put side by side. */
export function objectionsToTable(node: ParseNode): PlacedObjection[] {
  if (node.ref_type === 'POSITIONAL') {
    return [{ code: 'positional-join', at: placeOf(node), message: 'POSITIONAL JOIN puts together rows that happen to stand at one place: join ON what they share' }]
  }
  if (node.type === 'BASE_TABLE' && /[*?[]/.test(node.table_name!)) return [globbed(node.table_name!, placeOf(node))]
  if (node.type !== 'TABLE_FUNCTION') return []
  const { function_name: name, children = [] } = node.function!
  if (name === 'glob') return [{ code: 'glob', at: placeOf(node.function!), message: 'glob() answers whatever files there are: name them' }]
  return files.test(name!) ? children.flatMap(textsIn).filter(({ value }) => wildcard.test(String(value!.value))).map((text) => globbed(String(text.value!.value), placeOf(text))) : []
}

function globbed(pattern: string, at: number | null): PlacedObjection {
  return { code: 'glob', at, message: `'${pattern}' reads whatever files there are: name them` }
}

function textsIn(node: ParseNode): ParseNode[] {
  if (node.class === 'CONSTANT') return typeof node.value?.value === 'string' ? [node] : []
  return partsOf(node).flatMap(textsIn)
}
