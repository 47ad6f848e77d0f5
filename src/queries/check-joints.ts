import type { DuckDBConnection } from '@duckdb/node-api'
import { ToolkitError, unknownName } from '../errors.ts'
import { jointArguments } from './macros.ts'

/** A call of a table function in DuckDB's parse tree. */
type Call = { readonly function_name: string; readonly children: readonly { readonly query_location?: number; readonly value?: { readonly value?: unknown } }[] }

/**
 * Joints that macros are called with as constants must be joints of some data set in the store: a name nobody has would answer no rows, not an error.
 * Throws E_JOINT_UNKNOWN with the nearest name, and E_SQL where arguments are missing; `place` shows a place of the statement.
 */
export async function checkJoints(connection: DuckDBConnection, parsed: unknown, place: (location: number) => string): Promise<void> {
  const named = callsIn(parsed).flatMap((call) => call.children.slice(0, jointArguments(call.function_name)))
  if (named.length === 0) return
  const reader = await connection.runAndReadAll("SELECT getvariable('joints')")
  const joints = reader.getRowsJS()[0]![0] as readonly string[]
  for (const { value, query_location: location } of named) {
    if (typeof value?.value !== 'string' || joints.includes(value.value)) continue
    const { code, message, hint } = unknownName('E_JOINT_UNKNOWN', 'joint in the store named', value.value, joints)
    throw new ToolkitError(code, `${message}${location === undefined ? '' : place(location)}`, hint === undefined ? {} : { hint })
  }
}

function callsIn(node: unknown): Call[] {
  if (typeof node !== 'object' || node === null) return []
  const { type, function: called } = node as { type?: unknown; function?: Call }
  const inner = Object.values(node).flatMap(callsIn)
  return type === 'TABLE_FUNCTION' && called !== undefined ? [called, ...inner] : inner
}
