import { ToolkitError, unknownName } from '../errors.ts'
import { type Maker, makerKinds, parseShares } from '../queries/index.ts'
import { type GroupKey, groupKeys } from '../split.ts'

/** The flags of `split` that are about makers. */
export type MakerFlags = {
  readonly make?: string | undefined
  readonly by?: string | undefined
  readonly group?: string | undefined
  readonly shares?: string | undefined
  readonly k?: number | undefined
  readonly of?: string | undefined
  readonly share?: string | undefined
  readonly 'hold-out'?: string | undefined
  readonly factor?: number | undefined
}

type Parameter = Exclude<keyof MakerFlags, 'make' | 'group'>

/** Which flags each maker needs, and which it also takes. */
const parameters: Readonly<Record<Maker['kind'], { readonly needs: readonly Parameter[]; readonly takes: readonly Parameter[] }>> = {
  hash: { needs: ['shares'], takes: ['by'] },
  kfold: { needs: ['k'], takes: ['by'] },
  'leave-one-group-out': { needs: ['by'], takes: [] },
  stratified: { needs: ['shares'], takes: ['by'] },
  fraction: { needs: ['of', 'share'], takes: [] },
  'zero-shot': { needs: ['hold-out'], takes: [] },
  'long-tail': { needs: ['of', 'factor'], takes: [] },
}

/** The maker that the flags ask for, and the group key: of hash, kfold and leave-one-group-out `--by` is the group key too. Throws E_USAGE, E_MAKE_UNKNOWN, E_MAKE_SHARES. */
export function makerOf(flags: MakerFlags): { readonly maker: Maker; readonly groupKey: GroupKey | undefined } {
  const kinds = Object.keys(makerKinds) as Maker['kind'][]
  const kind = kinds.find((kind) => kind === flags.make)
  if (kind === undefined) throw unknownName('E_MAKE_UNKNOWN', 'maker of splits', flags.make ?? '', kinds)
  checkFlags(kind, flags)
  const by = flags.by === undefined ? undefined : keyOf(flags.by)
  const group = flags.group === undefined ? undefined : keyOf(flags.group)
  if (kind === 'stratified') return { maker: maker(kind, flags, by), groupKey: group }
  if (by !== undefined && group !== undefined && by !== group) throw new ToolkitError('E_USAGE', `--by ${by} and --group ${group}: --make ${kind} has one group key`)
  return { maker: maker(kind, flags, by), groupKey: group ?? by }
}

/** A group key by name. Throws E_SPLIT_KEY. */
export function keyOf(name: string): GroupKey {
  const key = groupKeys.find((key) => key === name)
  if (key === undefined) throw unknownName('E_SPLIT_KEY', 'group key', name, groupKeys)
  return key
}

function checkFlags(kind: Maker['kind'], flags: MakerFlags): void {
  const { needs, takes } = parameters[kind]
  const all = [...new Set(Object.values(parameters).flatMap(({ needs, takes }) => [...needs, ...takes]))]
  const missing = needs.find((name) => flags[name] === undefined)
  if (missing !== undefined) throw new ToolkitError('E_USAGE', `--make ${kind} needs --${missing}`, { hint: 'docs/splits.md has an example of every maker' })
  const idle = all.find((name) => flags[name] !== undefined && !needs.includes(name) && !takes.includes(name))
  if (idle !== undefined) throw new ToolkitError('E_USAGE', `--make ${kind} does not take --${idle}`, { hint: `it takes ${[...needs, ...takes].map((name) => `--${name}`).join(', ')}, and --group` })
}

function maker(kind: Maker['kind'], flags: MakerFlags, by: GroupKey | undefined): Maker {
  switch (kind) {
    case 'hash': return { kind, shares: parseShares(flags.shares!) }
    case 'kfold': return { kind, k: whole('k', flags.k!) }
    case 'leave-one-group-out': return { kind }
    case 'stratified': return { kind, by: by ?? 'action', shares: parseShares(flags.shares!) }
    case 'fraction': return { kind, of: flags.of!, share: shareOf(flags.share!) }
    case 'zero-shot': return { kind, ...heldOut(flags['hold-out']!) }
    case 'long-tail': return { kind, of: flags.of!, factor: whole('factor', flags.factor!) }
  }
}

function whole(name: string, value: number): number {
  if (value < 2) throw new ToolkitError('E_USAGE', `--${name} ${value}: 2 or more`)
  return value
}

function shareOf(text: string): string {
  if (!/^(?:0?\.\d{1,9}|1|1\.0{1,9})$/.test(text) || Number(text) === 0) throw new ToolkitError('E_USAGE', `--share ${text}: a part of the whole, above 0 and up to 1`, { hint: 'such as --share 0.1' })
  return text.replace(/^\./, '0.')
}

function heldOut(text: string): { readonly column: GroupKey; readonly classes: readonly string[] } {
  const [column, values] = /^([^=]+)=(.+)$/.exec(text)?.slice(1) ?? []
  const classes = [...new Set(values?.split(',').filter((value) => value !== ''))].sort()
  if (column === undefined || classes.length === 0) throw new ToolkitError('E_USAGE', `--hold-out ${text}: it is COLUMN=VALUE,VALUE`, { hint: 'such as --hold-out action=bowl,squat' })
  return { column: keyOf(column), classes }
}
