import { isQuery, type OrderItem, type ParseNode, partsOf, textOfExpression } from './parse-tree.ts'
import { itemsOf, nameOf, type Scope, scopeOf, type Source } from './scope.ts'

/** What tells the rows of a table or of a table macro apart; a clip's `id` is `clip_id` elsewhere. Tables that are not here have nothing that does. */
const keys: Readonly<Record<string, readonly string[]>> = {
  clips: ['clip_id'], frames: ['clip_id', 'frame', 'person'], keypoints: ['clip_id', 'frame', 'person'], joints: ['clip_id', 'frame', 'person', 'joint'],
  signals: ['clip_id', 'frame', 'signal'], phases: ['clip_id', 'phase'], segments: ['clip_id', 'track', 'segment'], sides: ['clip_id', 'split'], cameras: ['clip_id'],
  images: ['film', 'frame'], proxies: ['film'], splits: ['split', 'clip_id'], embeddings: ['run', 'clip_id', 'frame'], members: ['clip_id'], groups: ['clip_id'],
  joint: ['clip_id', 'frame', 'person'], joint_columns: ['clip_id', 'frame', 'person'], angle: ['clip_id', 'frame', 'person'], speed: ['clip_id', 'frame', 'person'],
  bone_length: ['clip_id', 'frame', 'person'], clip_joints: ['clip_id', 'frame', 'person', 'joint'], distance: [], range: [], generate_series: [],
}

/** Of queries within queries deeper than this nobody asks what tells their rows apart. */
const NESTED = 8

/** The ORDER BY of a query; none = it has none. */
export function orderOf({ modifiers = [] }: ParseNode): readonly OrderItem[] {
  return modifiers.find(({ type }) => type === 'ORDER_MODIFIER')?.orders ?? []
}

/** Whether a query answers one row at most, whatever the data: aggregates of everything, or no table. */
export function isOneRow(query: ParseNode, aggregates: ReadonlySet<string>): boolean {
  if (query.type !== 'SELECT_NODE') return false
  if (query.from_table == null || query.from_table.type === 'EMPTY') return true
  return (query.group_expressions ?? []).length === 0 && query.aggregate_handling !== 'FORCE_AGGREGATES' && (query.select_list ?? []).some((item) => hasAggregate(item, aggregates))
}

/**
 * Whether the ORDER BY of a query leaves no two rows that differ in any order: by all columns, by whatever it groups by, or by what tells the rows of its tables apart.
 * A query over queries whose keys nobody knows is only so by all its columns.
 */
export function isTotal(query: ParseNode, scope: Scope, aggregates: ReadonlySet<string>): boolean {
  const orders = orderOf(query).map(({ expression }) => expression)
  if (orders.some(({ class: kind }) => kind === 'STAR')) return true
  const items = itemsOf(query)
  const covered = new Set(orders.flatMap((order) => meaningsOf(order, items)))
  const isCovered = (expression: ParseNode): boolean => meaningsOf(expression, items).some((meaning) => covered.has(meaning))
  if (items.length > 0 && items.every((item) => item.class !== 'STAR' && isCovered(item))) return true
  const groups = groupsOf(query, aggregates)
  if (groups.length > 0) return groups.every(isCovered)
  return hasKey(scope, covered, aggregates)
}

/** Whether expressions tell apart the rows that the windows of a query see: its groups, or the rows of its tables where it groups by nothing. */
export function isKey(expressions: readonly ParseNode[], scope: Scope, aggregates: ReadonlySet<string>): boolean {
  const covered = new Set(expressions.flatMap((expression) => meaningsOf(expression, [])))
  const groups = groupsOf(scope.query, aggregates)
  if (groups.length === 0) return hasKey(scope, covered, aggregates)
  return groups.every((group) => meaningsOf(group, itemsOf(scope.query)).some((meaning) => covered.has(meaning)))
}

/** Whether expressions tell apart the rows that the aggregates of a query see: those of its tables that are of one group. */
export function isKeyWithinGroups(expressions: readonly ParseNode[], scope: Scope, aggregates: ReadonlySet<string>): boolean {
  const { query } = scope
  // what ROLLUP and the like group by is not the same in all rows of a group
  const groups = (query.group_sets ?? []).length > 1 ? [] : groupsOf(query, aggregates)
  const known = [...expressions.flatMap((expression) => meaningsOf(expression, [])), ...groups.flatMap((group) => meaningsOf(group, itemsOf(query)))]
  return hasKey(scope, new Set(known), aggregates)
}

/** What a query groups by; GROUP BY ALL, by every item that aggregates nothing. */
function groupsOf(query: ParseNode, aggregates: ReadonlySet<string>): readonly ParseNode[] {
  return query.aggregate_handling === 'FORCE_AGGREGATES' ? itemsOf(query).filter((item) => !hasAggregate(item, aggregates)) : query.group_expressions ?? []
}

/** Whether it is known of all tables of a query what tells their rows apart. */
export function hasKnownKeys(scope: Scope, aggregates: ReadonlySet<string>): boolean {
  return keysOf(scope, aggregates).every((key) => key !== null)
}

function hasKey(scope: Scope, columns: ReadonlySet<string>, aggregates: ReadonlySet<string>): boolean {
  const found = keysOf(scope, aggregates)
  return found.length > 0 && found.every((key) => key?.every((column) => columns.has(`column ${column}`)) === true)
}

/** The key of every table of a query whose rows its own are made of. */
function keysOf(scope: Scope, aggregates: ReadonlySet<string>, depth = 0): (readonly string[] | null)[] {
  return scope.sources.filter(({ isFilter }) => !isFilter).map((source) => keyOf(source, scope, aggregates, depth))
}

/** Columns that tell rows apart: of a query, what it groups by, all when it is DISTINCT, else the keys of its tables. null = nobody knows. */
function keyOf({ table, query, renamed }: Source, scope: Scope, aggregates: ReadonlySet<string>, depth: number): readonly string[] | null {
  if (table !== null) return keys[table] ?? null
  if (query?.type !== 'SELECT_NODE' || depth > NESTED) return null
  if (isOneRow(query, aggregates)) return []
  const items = itemsOf(query)
  const isDistinct = query.modifiers?.some(({ type, distinct_on_targets: targets }) => type === 'DISTINCT_MODIFIER' && targets!.length === 0) === true
  const groups = query.group_expressions ?? []
  if (!isDistinct && groups.length === 0 && query.aggregate_handling !== 'FORCE_AGGREGATES') {
    return renamed.length > 0 ? null : keyThrough(items, keysOf(scopeOf(query, { ...scope, sources: [] }), aggregates, depth + 1))
  }
  const telling = isDistinct ? items : items.filter((item) => groups.some((group) => meaningsOf(group, items).some((meaning) => meaningsOf(item, []).includes(meaning))))
  const names = telling.map((item) => (item.class === 'STAR' ? null : nameOf(item)))
  if (names.length === 0 || names.includes(null) || (!isDistinct && telling.length < groups.length)) return null
  return names.map((name) => (name === 'id' ? 'clip_id' : name!))
}

/** The columns under which a query hands on the keys of its tables; null = not all of them, or it makes several rows of one. */
function keyThrough(items: readonly ParseNode[], found: readonly (readonly string[] | null)[]): readonly string[] | null {
  if (found.length === 0 || found.includes(null) || items.some(makesRows)) return null
  // a star that leaves out, renames or chooses columns has a part that says so
  const isWhole = items.some((item) => item.class === 'STAR' && item.relation_name === '' && partsOf(item).every((part) => Object.keys(part).length === 0))
  const names = [...new Set(found.flat())].map((column) => {
    const item = items.find((one) => one.class === 'COLUMN_REF' && columnName(one) === column)
    return item === undefined ? (isWhole ? column : null) : nameOf(item)!
  })
  return names.includes(null) ? null : names.map((name) => (name === 'id' ? 'clip_id' : name!))
}

function makesRows(node: ParseNode): boolean {
  return ['unnest', 'generate_subscripts'].includes(node.function_name?.toLowerCase() ?? '') || partsOf(node).some((part) => !isQuery(part) && makesRows(part))
}

/** What an expression is called: its text, its name, and, where it is the name or the place of an item of the SELECT, that item's. */
function meaningsOf(expression: ParseNode, items: readonly ParseNode[]): string[] {
  const name = nameOf({ ...expression, alias: '' })
  const place = expression.class === 'CONSTANT' && typeof expression.value?.value === 'number' ? expression.value.value : null
  const item = place !== null ? items[place - 1] : items.find((item) => name !== null && expression.column_names!.length === 1 && nameOf(item) === name)
  const own = [expression, ...(item === undefined || item === expression ? [] : [item])]
  return own.flatMap((one) => [textOfExpression(one), ...(one.class === 'COLUMN_REF' ? [`column ${columnName(one)}`] : [])])
}

function columnName({ column_names: names }: ParseNode): string {
  const name = names!.at(-1)!.toLowerCase()
  return name === 'id' ? 'clip_id' : name
}

function hasAggregate(node: ParseNode, aggregates: ReadonlySet<string>): boolean {
  if (node.class === 'FUNCTION' && aggregates.has(node.function_name!.toLowerCase())) return true
  return partsOf(node).some((part) => !isQuery(part) && part.class !== 'WINDOW' && hasAggregate(part, aggregates))
}
