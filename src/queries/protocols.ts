import { readdir, readFile } from 'node:fs/promises'
import type { DatasetEntry, ProtocolEntry } from '../catalog.ts'
import { unknownName } from '../errors.ts'

/** A split that comes with the package, for one data set: published by others (or derived from what they released), with what is known to be wrong with it. */
export type Protocol = ProtocolEntry & { readonly name: string }

const folder = new URL('./splits/', import.meta.url)
/** What a data set has that the catalog says nothing about: the sides its own files say. */
const OFFICIAL: ProtocolEntry = { title: 'The sides that the data set\'s own files say', origin: 'published', source: null, of: 'recordings', counts: null, known: [], acknowledgedLeaks: [] }

/** The protocols of a data set, the official one first. */
export function listProtocols({ splits }: DatasetEntry): Protocol[] {
  return Object.entries({ official: OFFICIAL, ...splits }).map(([name, protocol]) => ({ name, ...protocol }))
}

/** A protocol of a data set by name. Throws E_PROTOCOL_UNKNOWN with the nearest name. */
export function protocolOf(entry: DatasetEntry, name: string): Protocol {
  const protocols = listProtocols(entry)
  const found = protocols.find((protocol) => protocol.name === name)
  if (found === undefined) throw unknownName('E_PROTOCOL_UNKNOWN', `split protocol of ${entry.name}`, name, protocols.map(({ name }) => name))
  return found
}

/** The SQL that makes a protocol. Throws E_PROTOCOL_QUERY for a catalog entry of one's own that names no file of this package. */
export async function protocolSql({ name, query = name }: Protocol): Promise<string> {
  const queries = (await readdir(folder)).filter((file) => file.endsWith('.sql')).map((file) => file.slice(0, -4)).sort()
  if (!queries.includes(query)) throw unknownName('E_PROTOCOL_QUERY', `query for the split "${name}"`, query, queries)
  return readFile(new URL(`${query}.sql`, folder), 'utf8')
}
