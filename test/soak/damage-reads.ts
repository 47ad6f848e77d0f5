import { ToolkitError } from '../../src/errors.ts'
import { sha256 } from '../../src/hash.ts'
import { rowsOf } from '../../src/queries/rows-of.ts'
import { withSession } from '../../src/queries/session.ts'
import { datasetFolder, listImages, readClips, readImages, readManifest, readSplit } from '../../src/store/index.ts'
import { withDuck } from '../../src/store/duckdb.ts'
import { readFilms } from '../../src/store/read-films.ts'

const views = [
  'clips', 'frames', 'keypoints', 'joints', 'signals', 'phases', 'segments', 'sides', 'files', 'cameras', 'images', 'proxies', 'quarantine', 'splits',
] as const

/** What a read came to: the hash of its answer, or the refusal. */
export type Outcome = { readonly answer: string } | { readonly refusal: ToolkitError }

/** Every way to read the store of `damageStore`, by name; SQL by view. */
export const reads: readonly string[] = ['clips', 'clips of before', 'pictures', 'films', 'split', ...views.map((view) => `SQL ${view}`)]

/** What those reads come to; a failure that is no refusal is thrown. */
export async function readBy(storeDir: string, wanted: readonly string[]): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>()
  const read = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    outcomes.set(name, await outcomeOf(name, work))
  }
  for (const [name, work] of Object.entries(direct)) if (wanted.includes(name)) await read(name, () => work(storeDir))
  const statements = views.filter((view) => wanted.includes(`SQL ${view}`))
  if (statements.length === 0) return outcomes
  const opened = await outcomeOf('a session', () => withSession({ storeDir, runsDir: `${storeDir}/no-runs` }, async (connection) => {
    for (const view of statements) await read(`SQL ${view}`, () => rowsOf(connection, `SELECT * FROM ${view} ORDER BY ALL`, {}))
    return 'open'
  }))
  if ('refusal' in opened) for (const view of statements) outcomes.set(`SQL ${view}`, opened)
  return outcomes
}

const direct: Readonly<Record<string, (storeDir: string) => Promise<unknown>>> = {
  'clips': (storeDir) => readClips(storeDir, 'tiny', undefined, { raw: true }),
  'clips of before': (storeDir) => readClips(storeDir, 'tiny', undefined, { raw: true, version: 'before' }),
  'pictures': async (storeDir) => {
    const read = []
    for (const film of ['tiny/a', 'tiny/b', 'tiny/c']) read.push(await readImages(storeDir, 'tiny', await listImages(storeDir, 'tiny', film)))
    return read
  },
  'films': (storeDir) => withDuck(async (duck) => {
    const { shards, schema: { layouts } } = await readManifest(storeDir, 'tiny')
    const films = []
    for (const shard of shards) for await (const film of readFilms(duck, datasetFolder(storeDir, 'tiny'), { shard, layouts })) films.push(film)
    return films
  }),
  'split': (storeDir) => readSplit(storeDir, 'tiny', 'halves'),
}

async function outcomeOf(name: string, work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { answer: hashOf(await work()) }
  } catch (error) {
    if (error instanceof ToolkitError) return { refusal: error }
    throw new Error(`${name} failed by ${String(error)}`, { cause: error })
  }
}

function hashOf(answer: unknown): string {
  return sha256(JSON.stringify(answer, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
    return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex') : value
  }))
}
