import type { Split } from '../split.ts'

/** The first line of a query that is a protocol's, where the split has another name than the protocol. A split that has its name needs none. */
const mark = /^-- Protocol: (.+)\n/

/** The SQL of a protocol as it is kept with a split of that name: the text says which protocol it was, whatever the package has under that name later. */
export function markProtocol(sql: string, { protocol, name }: { readonly protocol: string; readonly name: string }): string {
  return name === protocol ? sql : `-- Protocol: ${protocol}\n${sql}`
}

/** The protocol that a kept split was made by; null = it is a query of somebody's own. Queries of one's own never have the name of a protocol. */
export function protocolOfSplit({ name, query }: Pick<Split, 'name' | 'query'>, protocols: readonly string[]): string | null {
  return mark.exec(query)?.[1] ?? (protocols.includes(name) ? name : null)
}
