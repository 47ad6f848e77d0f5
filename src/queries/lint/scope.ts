import { isQuery, type ParseNode, partsOf } from './parse-tree.ts'
import type { FunctionFacts } from './function-facts.ts'

/** What is known beside a statement: functions, and of every table the columns that hold floats (and those that do not). */
export type LintKnowledge = {
  readonly functions: FunctionFacts
  /** Table or table macro -> column -> whether it holds floats. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, boolean>>
}

/** One table of a FROM: a table or table function by name, or a query of the statement itself; both null = neither. */
export type Source = { readonly name: string; readonly table: string | null; readonly query: ParseNode | null; readonly renamed: readonly string[]; readonly node: ParseNode; readonly isFilter: boolean }

/** A query under a name, and its columns where they were named with it. */
type Cte = { readonly query: ParseNode; readonly renamed: readonly string[] }

/** What the names in a query may mean. */
export type Scope = {
  readonly query: ParseNode
  readonly sources: readonly Source[]
  readonly ctes: ReadonlyMap<string, Cte>
  readonly outer: Scope | null
}

/** Queries within queries deeper than this, such as those of a recursive CTE, are taken to hold no floats. */
const DEEPEST = 40
/** Functions of whole numbers that answer floats, beside those of floats. */
const divisions = new Set(['/', 'avg', 'mean', 'median', 'quantile_cont', 'fdiv', 'wavg', 'weighted_avg'])

/** The scope of a query that stands in another one's. */
export function scopeOf(query: ParseNode, outer: Scope | null): Scope {
  const ctes = new Map(outer?.ctes)
  for (const { key, value } of query.cte_map?.map ?? []) ctes.set(key.toLowerCase(), { query: value.query.node, renamed: (value.aliases ?? []).map((name) => name.toLowerCase()) })
  return { query, sources: sourcesOf(query.from_table ?? null, ctes), ctes, outer }
}

function sourcesOf(node: ParseNode | null, ctes: ReadonlyMap<string, Cte>, isFilter = false): Source[] {
  if (node === null) return []
  const renamed = (node.column_name_alias ?? []).map((name) => name.toLowerCase())
  const named = (name: string): string => (node.alias || name).toLowerCase()
  switch (node.type) {
    case 'JOIN': return [...sourcesOf(node.left ?? null, ctes, isFilter), ...sourcesOf(node.right ?? null, ctes, isFilter || node.join_type === 'SEMI' || node.join_type === 'ANTI')]
    case 'BASE_TABLE': {
      const table = node.table_name!.toLowerCase()
      const cte = ctes.get(table)
      return [{ name: named(table), table: cte === undefined ? table : null, query: cte?.query ?? null, renamed: renamed.length > 0 ? renamed : cte?.renamed ?? [], node, isFilter }]
    }
    case 'SUBQUERY': return [{ name: named(''), table: null, query: node.subquery!.node, renamed, node, isFilter }]
    case 'TABLE_FUNCTION': return [{ name: named(node.function!.function_name!), table: node.function!.function_name!.toLowerCase(), query: null, renamed, node, isFilter }]
    case 'EMPTY': return []
    default: return [{ name: named(''), table: null, query: null, renamed, node, isFilter }]
  }
}

/** Whether an expression may hold floats, or lists of them. Of what is not known it is taken that it does not. */
export function isFloat(node: ParseNode, scope: Scope, known: LintKnowledge, depth = 0): boolean {
  const anyOf = (nodes: readonly ParseNode[]): boolean => nodes.some((one) => isFloat(one, scope, known, depth + 1))
  if (depth > DEEPEST) return false
  switch (node.class) {
    case 'COLUMN_REF': return columnIsFloat(node.column_names!.map((name) => name.toLowerCase()), scope, known, depth) ?? false
    case 'CONSTANT': return isFloatType(node.value!.type.id)
    case 'CAST': return isFloatType(JSON.stringify(node.cast_type))
    case 'FUNCTION': case 'WINDOW': {
      const name = node.function_name!.toLowerCase()
      const answers = divisions.has(name) ? 'always' : known.functions.floats.get(name) ?? 'depends'
      return answers === 'depends' ? anyOf(node.children ?? []) : answers === 'always'
    }
    case 'SUBQUERY': return node.subquery_type === 'SCALAR' && outputIsFloat(node.subquery!.node, 0, scopeOf(node.subquery!.node, scope), known, depth + 1) === true
    case 'COMPARISON': case 'CONJUNCTION': case 'BETWEEN': case 'PARAMETER': return false
    default: return anyOf(partsOf(node))
  }
}

/** Looks a column up in the tables of the FROM, then among the names of the SELECT, then further out; null = nobody knows it. */
function columnIsFloat(names: readonly string[], scope: Scope, known: LintKnowledge, depth: number): boolean | null {
  if (depth > DEEPEST) return false
  const [column, qualifier] = [names.at(-1)!, names.length > 1 ? names[0]! : null]
  for (const source of scope.sources) {
    if (qualifier !== null && source.name !== qualifier && !names.includes(source.name)) continue
    const found = sourceIsFloat(source, column, scope, known, depth)
    if (found !== null) return found
  }
  const alias = qualifier === null ? scope.query.select_list?.find((item) => item.alias?.toLowerCase() === column) : undefined
  if (alias !== undefined && !(alias.class === 'COLUMN_REF' && alias.column_names!.at(-1)!.toLowerCase() === column)) return isFloat(alias, scope, known, depth + 1)
  return scope.outer === null ? null : columnIsFloat(names, scope.outer, known, depth + 1)
}

function sourceIsFloat({ table, query, renamed }: Source, column: string, scope: Scope, known: LintKnowledge, depth: number): boolean | null {
  if (table !== null) return known.tables.get(table)?.get(column) ?? null
  if (query === null) return null
  return outputIsFloat(query, renamed.includes(column) ? renamed.indexOf(column) : column, scopeOf(query, { ...scope, sources: [] }), known, depth)
}

/** Whether a column of a query's answer holds floats, by name or by its place; null = it has no such column. */
function outputIsFloat(query: ParseNode, column: string | number, scope: Scope, known: LintKnowledge, depth: number): boolean | null {
  if (depth > DEEPEST) return false
  if (query.type !== 'SELECT_NODE') {
    const branches = branchesOf(query)
    const place = itemsOf(query).findIndex((item) => nameOf(item) === column)
    const found = branches.map((one) => outputIsFloat(one, place < 0 ? column : place, scopeOf(one, scope), known, depth + 1))
    return found.includes(true) ? true : found.find((one) => one !== null) ?? null
  }
  const items = query.select_list ?? []
  const item = typeof column === 'number' ? items[column] : items.find((one) => nameOf(one) === column)
  if (item !== undefined && item.class !== 'STAR') return isFloat(item, scope, known, depth + 1)
  if (typeof column === 'number' || !items.some((one) => one.class === 'STAR')) return null
  return scope.sources.map((source) => sourceIsFloat(source, column, scope, known, depth + 1)).find((one) => one !== null) ?? null
}

/** The items of the SELECT, of the first where several are put together: it names the columns. */
export function itemsOf(query: ParseNode): readonly ParseNode[] {
  const [first] = branchesOf(query)
  return query.select_list ?? (first === undefined ? [] : itemsOf(first))
}

/** The queries that a set operation or a recursion puts together. */
function branchesOf({ left, right, child }: ParseNode): ParseNode[] {
  return [left, right, child].filter((one): one is ParseNode => one != null && isQuery(one))
}

/** The name that an item of a SELECT has in its answer; null = an expression without one. */
export function nameOf({ alias, class: kind, column_names: names }: ParseNode): string | null {
  if (alias !== undefined && alias !== '') return alias.toLowerCase()
  return kind === 'COLUMN_REF' ? names!.at(-1)!.toLowerCase() : null
}

function isFloatType(type: string): boolean {
  return /FLOAT|DOUBLE|REAL/.test(type)
}
