import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { type CatalogFile, catalogSchema, keysAt } from './catalog-schema.ts'
import { nearestName, ToolkitError, unknownName } from './errors.ts'
import type { Skeleton } from './skeleton.ts'
import type { Path, Place, YamlFile } from './yaml-file.ts'

type RawEntry = CatalogFile['datasets'][number]
/** One action: its name in the label files and on the website, which clips have it, and its phases as annotated by others. */
export type ActionEntry = Readonly<RawEntry['actions'][number]>
/** Phases of one action: `phases` of them, cut by one fewer `keyEvents`; `published` = clips per side that TCC, CARL and CASA report. */
export type PhaseEntry = {
  readonly action: string
  readonly tccName: string
  readonly phases: number
  /** A phase is named after the key event it begins with, the first one `start`. */
  readonly names: readonly string[]
  readonly keyEvents: readonly string[]
  readonly published: Readonly<Record<string, { readonly train: number; readonly test: number }>>
}

/** One data set of the catalog, with its skeleton in place of the skeleton's name. */
export type DatasetEntry = Readonly<Omit<RawEntry, 'skeleton' | 'otherSkeletons' | 'actions'>> & {
  readonly skeleton: Skeleton
  /** Every skeleton its clips may have, the one above first. */
  readonly skeletons: readonly Skeleton[]
  /** What is true about the skeleton and surprising; null = nothing. */
  readonly skeletonNote: string | null
  /** Names of the actions, in the order of `actionEntries`. */
  readonly actions: readonly string[]
  readonly actionEntries: readonly ActionEntry[]
  readonly phases: readonly PhaseEntry[]
}
/** One split that comes with the package, by its name in `splits` of a data set. */
export type ProtocolEntry = DatasetEntry['splits'][string]
/** Recordings or films per side. */
export type SideCounts = NonNullable<ProtocolEntry['counts']>
export type Catalog = { readonly files: readonly string[]; readonly entries: readonly DatasetEntry[] }

/** Path of the catalog that comes with the package, from src/ as from dist/. */
export const builtInCatalog: string = fileURLToPath(new URL('../datasets.yaml', import.meta.url))
/** The same as the build has read it, in dist/ alone: reading the YAML takes longer than all else that `sql` does before it answers. */
const builtInValues = new URL('./datasets.json', import.meta.url)

/**
 * The built-in catalog and the entries that `files` add to it. A name that is already there, an unknown key or a count that does not add up is an error with
 * its place.
 */
export async function readCatalog(files: readonly string[] = []): Promise<Catalog> {
  const skeletons = new Map<string, { skeleton: Skeleton; note: string | null }>()
  const entries = new Map<string, DatasetEntry>()
  for (const file of [builtInCatalog, ...files]) {
    const { value, place } = checkCatalog(await readCatalogFile(file))
    for (const [name, raw] of Object.entries(value.skeletons)) {
      if (skeletons.has(name)) throw new ToolkitError('E_CATALOG_DUPLICATE', `${place(['skeletons', name])}: there is a skeleton "${name}" already`)
      skeletons.set(name, { skeleton: toSkeleton(name, raw, place), note: raw.note })
    }
    for (const [at, raw] of value.datasets.entries()) {
      const here = (path: Path): string => place(['datasets', at, ...path])
      if (entries.has(raw.name)) throw new ToolkitError('E_CATALOG_DUPLICATE', `${here(['name'])}: there is a data set "${raw.name}" already`)
      const known = (name: string, path: Path): { skeleton: Skeleton; note: string | null } => {
        const found = skeletons.get(name)
        if (found !== undefined) return found
        const { message, hint } = unknownName('E_CATALOG_SKELETON', 'skeleton', name, [...skeletons.keys()])
        throw new ToolkitError('E_CATALOG_SKELETON', `${here(path)}: ${message}`, hint === undefined ? {} : { hint })
      }
      const { skeleton, note } = known(raw.skeleton, ['skeleton'])
      const others = raw.otherSkeletons.map((name, at) => known(name, ['otherSkeletons', at]).skeleton)
      checkCounts(raw, here)
      const { otherSkeletons: _, ...rest } = raw
      entries.set(raw.name, { ...rest, ...actionsOf(raw), skeleton, skeletons: [skeleton, ...others], skeletonNote: note })
    }
  }
  return { files: [builtInCatalog, ...files], entries: [...entries.values()] }
}

/** The entry of a data set by name; E_DATASET_UNKNOWN with the nearest match when there is none. */
export function entryOf(catalog: Catalog, name: string): DatasetEntry {
  const entry = catalog.entries.find((entry) => entry.name === name)
  if (entry === undefined) throw unknownName('E_DATASET_UNKNOWN', 'data set', name, catalog.entries.map(({ name }) => name))
  return entry
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new ToolkitError('E_CATALOG_MISSING', `cannot read the catalog file ${file}: ${(cause as Error).message}`, { cause })
  }
}

let builtIn: Promise<YamlFile> | null = null

/** The built-in one is read once in a process. What is answered is not to be changed: `checkCatalog` copies it. */
function readCatalogFile(file: string): Promise<YamlFile> {
  return file === builtInCatalog ? builtIn ??= readBuiltIn() : readYaml(file)
}

async function readBuiltIn(): Promise<YamlFile> {
  return existsSync(builtInValues) ? { values: JSON.parse(await readFile(builtInValues, 'utf8')), place: () => builtInCatalog } : readYaml(builtInCatalog)
}

async function readYaml(file: string): Promise<YamlFile> {
  const { parseYaml } = await import('./yaml-file.ts')
  return parseYaml(await readText(file), file)
}

function checkCatalog({ values, place }: YamlFile): { value: CatalogFile; place: Place } {
  const checked = catalogSchema.safeParse(values)
  if (!checked.success) throw refusal(checked.error.issues, values, place)
  return { value: checked.data, place }
}

/** An unknown key first: what is missing is often what it should have been. */
function refusal(issues: readonly z.core.$ZodIssue[], found: unknown, place: Place): ToolkitError {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!
  if (issue.code !== 'unrecognized_keys') return new ToolkitError('E_CATALOG_VALUE', `${place(issue.path)}: ${issue.message}`)
  const key = issue.keys[0]!
  const known = keysAt(issue.path, found)
  const near = nearestName(key, known)
  return new ToolkitError('E_CATALOG_KEY', `${place([...issue.path, key])}: unknown key "${key}"`, {
    hint: `${near === null ? '' : `did you mean "${near}"? `}Known here: ${known.join(', ')}` })
}

function toSkeleton(name: string, raw: CatalogFile['skeletons'][string], place: Place): Skeleton {
  const joints = Object.keys(raw.joints)
  const indices = (key: 'edges' | 'pairs'): [number, number][] => raw[key].map((names, at) => {
    const unknown = names.find((joint) => !joints.includes(joint))
    if (unknown !== undefined) {
      throw new ToolkitError('E_CATALOG_JOINT', `${place(['skeletons', name, key, at])}: no joint "${unknown}"`, { hint: `There are: ${joints.join(', ')}` })
    }
    return [joints.indexOf(names[0]), joints.indexOf(names[1])]
  })
  return { name, joints, rawJoints: Object.values(raw.joints), edges: indices('edges'), pairs: indices('pairs') }
}

/** Published counts must agree with one another before data is held against them. */
function checkCounts({ actions, counts, splits }: RawEntry, place: Place): void {
  if (counts === null) return
  const total = (side: 'train' | 'test'): number => actions.reduce((sum, action) => sum + action.counts[side], 0)
  const must = (path: Path, is: number, what: string, should: number): void => {
    if (is !== should) throw new ToolkitError('E_CATALOG_COUNTS', `${place(path)}: ${is} is not ${what}, ${should}`)
  }
  const all = ({ train, validation = 0, test }: { train: number; validation?: number | undefined; test: number }): number => train + validation + test
  must(['counts', 'recordings'], counts.recordings, counts.validation === undefined ? 'train + test' : 'train + validation + test', all(counts))
  if (actions.length > 0) for (const side of ['train', 'test'] as const) must(['counts', side], counts[side], `the sum over actions of ${side}`, total(side))
  for (const [at, { ids, counts }] of actions.entries()) {
    if (ids !== null) must(['actions', at, 'counts'], counts.train + counts.test, 'the number of ids', ids[1] - ids[0] + 1)
  }
  for (const [name, split] of Object.entries(splits)) {
    if (split.counts === null) continue
    const sum = all(split.counts)
    if (split.of === 'recordings' && sum > counts.recordings) must(['splits', name], sum, 'at most the recordings there are', counts.recordings)
    const published = actions.flatMap(({ phases }) => phases?.published[name] ?? [])
    if (published.length === 0) continue
    for (const side of ['train', 'test'] as const) {
      must(['splits', name, 'counts', side], split.counts[side], `the sum over actions of what ${name} published`, published.reduce((sum, one) => sum + one[side], 0))
    }
  }
}

function actionsOf({ actions }: RawEntry): Pick<DatasetEntry, 'actions' | 'actionEntries' | 'phases'> {
  const phases = actions.flatMap(({ name, phases }) => phases === null ? [] : [{
    action: name, ...phases, phases: phases.keyEvents.length + 1, names: ['start', ...phases.keyEvents] }])
  return { actions: actions.map(({ name }) => name), actionEntries: actions, phases }
}
