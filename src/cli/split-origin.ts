import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { ToolkitError } from '../errors.ts'
import type { Maker } from '../queries/index.ts'
import type { GroupKey } from '../split.ts'
import { keyOf, type MakerFlags, makerOf } from './split-maker.ts'

/** The flags of `split` that say what splits are made of. */
export type OriginFlags = MakerFlags & { readonly protocol?: string | undefined; readonly query?: string | undefined; readonly name?: string | undefined }

/** What a split is made of: a protocol, a query of the user's own, or a maker. */
export type SplitOrigin = { readonly groupKey?: GroupKey } & (
  | { readonly from: { readonly protocol: string; readonly name?: string } | { readonly name: string; readonly sql: string } }
  | { readonly maker: Maker; readonly name?: string })

/** What the flags ask for: the official protocol when they say nothing. Throws E_USAGE, E_SPLIT_KEY, and what `makerOf` throws. */
export async function splitOrigin(flags: OriginFlags): Promise<SplitOrigin> {
  const { protocol, query, make, name } = flags
  if (make !== undefined) {
    const { maker, groupKey } = makerOf(flags)
    return { maker, ...(groupKey === undefined ? {} : { groupKey }), ...(name === undefined ? {} : { name }) }
  }
  const idle = (['shares', 'by', 'k', 'of', 'share', 'hold-out', 'factor'] as const).find((flag) => flags[flag] !== undefined)
  if (idle !== undefined) throw new ToolkitError('E_USAGE', `--${idle} without --make`, { hint: 'it is a parameter of a maker: docs/splits.md' })
  if (query !== undefined) {
    const from = { name: name ?? basename(query, extname(query)), sql: await readFile(query, 'utf8') }
    return { from, ...(flags.group === undefined ? {} : { groupKey: keyOf(flags.group) }) }
  }
  if (flags.group !== undefined) throw new ToolkitError('E_USAGE', '--group of a published split', { hint: 'with --query or --make' })
  return { from: { protocol: protocol ?? 'official', ...(name === undefined ? {} : { name }) } }
}
