import type { DatasetEntry } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import { type GroupKey, hashSides, type Split } from '../split.ts'
import { type Manifest, readManifest, writeSplit } from '../store/index.ts'
import { type Balance, balanceOf } from './balance.ts'
import { type CountCheck, countChecks } from './count-checks.ts'
import { openFitted } from './fitted.ts'
import { withGroupedSession } from './grouped-session.ts'
import { checkLeakCodes, findLeaks, type Leak } from './leaks.ts'
import { membersOf, openMembers } from './members.ts'
import { markProtocol } from './protocol-mark.ts'
import { listProtocols, type Protocol, protocolOf, protocolSql } from './protocols.ts'
import { checkReadOnly } from './read-only.ts'
import { checkRepeatable } from './repeatable.ts'
import { rowsOf } from './rows-of.ts'
import type { QueryPlace } from './session.ts'

export type MadeSplit = { readonly split: Split; readonly leaks: readonly Leak[]; readonly checks: readonly CountCheck[]; readonly balance: Balance }

type PublishedSplit = { readonly protocol: string; readonly name?: string }
type OwnSplit = { readonly name: string; readonly sql: string }

export type SplitRequest = QueryPlace & {
  readonly entry: DatasetEntry
  /** A protocol that comes with the package, under its own name or another; or a query of the user's own: SQL that answers (side, clip_id). */
  readonly from: PublishedSplit | OwnSplit
  /** What no two sides share; recordings when it is not given. */
  readonly groupKey?: GroupKey
  readonly seed: number
  /** `$salt` in the query; the digits of the seed when it is not given. */
  readonly salt?: string
  /** Splits on whose train side something was fitted that is to be used with this one. */
  readonly fittedOn?: readonly string[]
  /** Codes of leaks that are known and accepted. */
  readonly allowLeaks: readonly string[]
}

/** Makes a split and keeps it in the store. Throws what `judgeSplit` and `writeSplit` throw. */
export async function makeSplit(request: SplitRequest): Promise<MadeSplit> {
  const manifest = await readManifest(request.storeDir, request.entry.name)
  const made = await judgeSplit(request, manifest)
  await writeSplit(request.storeDir, made.split, manifest.root)
  return made
}

/**
 * Runs the query of a split and checks what it answers. Refused: a query that may answer otherwise the next time, a side that is empty or has another name, an unknown
 * clip, a clip on two sides or without a group, leaks that neither the catalog nor `allowLeaks` acknowledges, and codes in `allowLeaks` that no gate has.
 */
export async function judgeSplit(request: SplitRequest, manifest: Manifest): Promise<MadeSplit> {
  const { entry, from, groupKey = 'group_id', seed, salt = String(seed), allowLeaks } = request
  checkLeakCodes(allowLeaks)
  const { name, sql, protocol } = 'protocol' in from ? await published(entry, from) : { ...ownQuery(entry, from), protocol: null }
  return withGroupedSession(request, { dataset: entry.name, groupKey }, async (connection) => {
    const checked = await checkReadOnly(connection, sql)
    await checkRepeatable(sql, name)
    const members = membersOf(await rowsOf(connection, checked, { dataset: entry.name, seed, salt }), name)
    const split: Split = { name, dataset: entry.name, query: sql, groupKey, seed, salt, hash: hashSides(members), sides: members }
    await openMembers(connection, split)
    await openFitted(connection, { storeDir: request.storeDir, dataset: entry.name, splits: request.fittedOn ?? [] })
    const acknowledged = new Set([...allowLeaks, ...(protocol?.acknowledgedLeaks ?? [])])
    const leaks = (await findLeaks(connection, entry.skeletons)).map((leak) => ({ ...leak, allowed: acknowledged.has(leak.code) }))
    const refused = leaks.filter(({ allowed }) => !allowed)
    if (refused.length > 0) {
      throw new ToolkitError('E_SPLIT_LEAK', `split "${name}" leaks: ${refused.map(({ code, count, examples }) => `${code}, ${count} times, such as ${examples[0]}`).join('; ')}`, {
        hint: `mend the query, or accept it with ${refused.map(({ code }) => `--allow-leaks ${code}`).join(' ')}` })
    }
    const checks = protocol === null ? [] : await countChecks(connection, entry, protocol, manifest.complete)
    return { split, leaks, checks, balance: await balanceOf(connection) }
  })
}

async function published(entry: DatasetEntry, from: PublishedSplit): Promise<{ name: string; sql: string; protocol: Protocol }> {
  const protocol = protocolOf(entry, from.protocol)
  const { name = protocol.name } = from
  if (name !== protocol.name) checkOwnName(entry, name)
  return { name, sql: markProtocol(await protocolSql(protocol), { protocol: protocol.name, name }), protocol }
}

function ownQuery(entry: DatasetEntry, from: OwnSplit): OwnSplit {
  checkOwnName(entry, from.name)
  return from
}

function checkOwnName(entry: DatasetEntry, name: string): void {
  const isTaken = listProtocols(entry).some((protocol) => protocol.name === name)
  if (isTaken) throw new ToolkitError('E_SPLIT_NAME', `"${name}" is the name of a published split`, { hint: 'give it another name' })
}
