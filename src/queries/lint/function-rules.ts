import { macrosOfAggregates } from './function-facts.ts'
import type { LintCode } from './lint-finding.ts'
import { type OrderItem, type ParseNode, textOfExpression } from './parse-tree.ts'
import { isFloat, type LintKnowledge, type Scope, scopeOf } from './scope.ts'
import { hasKnownKeys, isKey, isKeyWithinGroups, isTotal } from './total-order.ts'

/** Words of the grammar, which the parser takes for columns. */
const clockWords = new Set(['current_timestamp', 'current_date', 'current_time', 'localtime', 'localtimestamp'])
const clocks = new Set([...clockWords, 'now', 'today', 'get_current_time', 'get_current_timestamp', 'transaction_timestamp', 'ago'])
const chances = new Set(['random', 'uuid', 'uuidv4', 'uuidv7', 'gen_random_uuid', 'setseed'])
const sessions = new Set(['current_user', 'current_role', 'session_user', 'user', 'current_catalog', 'current_query', 'current_setting', 'getenv', 'getvariable', 'version'])
/** hash() and what is estimated by it. */
const hashes = new Set(['hash', 'approx_count_distinct', 'list_approx_count_distinct'])
const approximations = new Set(['approx_quantile', 'approx_top_k', 'reservoir_quantile'])
const picks = new Set([
  'first', 'last', 'any_value', 'arbitrary', 'list', 'array_agg', 'string_agg', 'group_concat', 'listagg', 'arg_max', 'arg_min', 'argmax', 'argmin', 'max_by', 'min_by', 'mode',
  'arg_max_null', 'arg_min_null', 'arg_max_nulls_last', 'arg_min_nulls_last', 'json_group_array', 'json_group_object', 'json_group_structure'])
const windows = new Set(['row_number', 'ntile', 'lag', 'lead', 'first_value', 'last_value', 'nth_value', 'fill'])
/** Those that tell rows apart which tie, whatever they are given. */
const rowByRow = new Set(['row_number', 'ntile', 'lag', 'lead', 'fill'])
/** Places in an order, which rows that tie share; they heed a frame only where they have an ORDER BY of their own (DuckDB 1.5.6). */
const ranks = new Set(['rank', 'dense_rank', 'rank_dense', 'percent_rank', 'cume_dist'])
/** Sums of what they are given. Kahan's too depend on order, though less. */
const sums = new Set(['sum', 'avg', 'mean', 'fsum', 'kahan_sum', 'sumkahan', 'favg', 'product', 'wavg', 'weighted_avg'])
/** Sums of floats, whatever they are given. */
const moments = new Set([
  'stddev', 'stddev_pop', 'stddev_samp', 'var_pop', 'var_samp', 'variance', 'corr', 'covar_pop', 'covar_samp', 'skewness', 'kurtosis', 'kurtosis_pop', 'sem', 'entropy', 'geomean',
  'geometric_mean', 'regr_avgx', 'regr_avgy', 'regr_intercept', 'regr_r2', 'regr_slope', 'regr_sxx', 'regr_sxy', 'regr_syy'])
const sorts = new Set(['list_sort', 'array_sort', 'list_reverse_sort', 'array_reverse_sort'])

/** What is wrong with an expression, without its place. */
export type Objection = { readonly code: LintCode; readonly message: string }

/** What is wrong with a call of a function, or a word that is one; `parent` = the function whose argument it is. */
export function objectionsTo(node: ParseNode, scope: Scope, known: LintKnowledge, parent: string | null): Objection[] {
  if (node.class === 'COLUMN_REF') return node.column_names!.length === 1 ? askedClock(node.column_names![0]!.toLowerCase()) : []
  if (node.class !== 'FUNCTION' && node.class !== 'WINDOW') return []
  const name = node.function_name!.toLowerCase()
  const framed = node.class === 'WINDOW' ? windowed(node, name, scope, known) : []
  return [...changing(node, name, known), ...(framed.length > 0 ? framed : aggregated(node, name, scope, known, parent))]
}

function askedClock(name: string): Objection[] {
  return clockWords.has(name) ? [{ code: 'clock', message: `${name} asks the clock: write the date` }] : []
}

function changing(node: ParseNode, name: string, { functions }: LintKnowledge): Objection[] {
  if (clocks.has(name) || (name === 'age' && node.children?.length === 1)) return [{ code: 'clock', message: `${name}() asks the clock: write the date` }]
  if (chances.has(name)) return [{ code: 'chance', message: `${name}() draws by chance: choose by bucket($salt, group_id)` }]
  if (hashes.has(name)) return [{ code: 'engine-hash', message: `${name}() may change with the version of DuckDB: ${name === 'hash' ? 'take bucket() or sha256()' : 'take count(DISTINCT ...)'}` }]
  if (approximations.has(name)) return [{ code: 'approximate', message: `${name}() depends on the order of rows: take quantile_cont() or count by GROUP BY` }]
  if (sessions.has(name) || functions.changing.has(name)) return [{ code: 'session', message: `${name}() depends on who runs it, when and where` }]
  return []
}

function windowed(node: ParseNode, name: string, scope: Scope, { functions }: LintKnowledge): Objection[] {
  const isFramed = endsAtRows(node, name)
  if (!isFramed && !windows.has(name)) return []
  // the order of a frame is that of the window, not that of the arguments
  const orders = isFramed ? expressionsOf(node.orders) : ordersOf(node)
  if (orders.length === 0) {
    const right = `${name}() OVER (ORDER BY ...${isFramed ? ' ROWS ...' : ''})`
    return [{ code: 'aggregate-order', message: `${name}() without ORDER BY depends on the order of rows: ${right}` }]
  }
  const mayTie = isFramed || rowByRow.has(name)
    ? !isKey([...orders, ...node.partitions ?? []], scope, functions.aggregates) : isTied(node, orders, scope, functions.aggregates)
  return mayTie ? [tied(name)] : []
}

/** Whether a window's frame begins or ends between rows that may tie. */
function endsAtRows({ start, end, arg_orders: ofArguments = [] }: ParseNode, name: string): boolean {
  return [start, end].some((bound) => bound?.endsWith('_ROWS')) && !(ranks.has(name) && ofArguments.length === 0)
}

function aggregated(node: ParseNode, name: string, scope: Scope, known: LintKnowledge, parent: string | null): Objection[] {
  const isSum = moments.has(name) || (sums.has(name) && (node.children ?? []).some((child) => isFloat(child, scope, known)))
  if (!picks.has(name) && !isSum) return []
  const orders = ordersOf(node)
  if (orders.length > 0) {
    const { aggregates } = known.functions
    // of sums over queries whose keys nobody knows the best is believed
    return (picks.has(name) || hasKnownKeys(scope, aggregates)) && isTied(node, orders, scope, aggregates) ? [tied(name)] : []
  }
  if (picks.has(name)) return parent !== null && sorts.has(parent) ? [] : [{ code: 'aggregate-order', message: `${name}() without ORDER BY depends on the order of rows: ${ordered(name, 'list')}` }]
  return [{ code: 'float-sum', message: `${name}() of floats depends on the order of rows, in its last digits: ${ordered(name, 'sum')}, or of CAST(... AS DECIMAL(18, 6))` }]
}

/** How an aggregate is given an order; a macro of DuckDB's takes none. */
function ordered(name: string, instead: string): string {
  return `${macrosOfAggregates.has(name) ? instead : name}(... ORDER BY ...)`
}

/** What an aggregate or a window is ordered by: of a window, its arguments where they have an order of their own. */
function ordersOf({ order_bys: inside, orders, arg_orders: ofArguments = [] }: ParseNode): ParseNode[] {
  return expressionsOf(inside?.orders ?? (ofArguments.length > 0 ? ofArguments : orders))
}

function expressionsOf(orders: readonly OrderItem[] = []): ParseNode[] {
  return orders.map(({ expression }) => expression)
}

/** Whether rows that tie in the order could be taken one for the other and be told apart: neither are the arguments what it is ordered by, nor is that a key. */
function isTied(node: ParseNode, orders: readonly ParseNode[], scope: Scope, aggregates: ReadonlySet<string>): boolean {
  // ARRAY(SELECT ... ORDER BY ...) is made an array_agg over that query
  const inner = node.children?.[0]?.class === 'POSITIONAL_REFERENCE' ? scope.query.from_table?.subquery?.node : undefined
  if (inner !== undefined) return !isTotal(inner, scopeOf(inner, scope), aggregates)
  const columns = new Set(orders.map(textOfExpression))
  const values = (node.children ?? []).filter(({ class: kind }) => kind !== 'CONSTANT')
  if (values.length > 0 && values.every((value) => columns.has(textOfExpression(value)))) return false
  return !(node.class === 'WINDOW' ? isKey([...orders, ...(node.partitions ?? [])], scope, aggregates) : isKeyWithinGroups(orders, scope, aggregates))
}

function tied(name: string): Objection {
  return { code: 'ties', message: `rows may tie in the ORDER BY of ${name}(): add a column that tells them apart, such as clip_id` }
}
