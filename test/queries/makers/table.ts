import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { bucketMacro } from '../../../src/queries/bucket.ts'
import { makerQueries, type MakerPlace } from '../../../src/queries/makers/maker-queries.ts'
import type { Maker } from '../../../src/queries/makers/maker.ts'
import { rowsOf } from '../../../src/queries/rows-of.ts'
import { watchScans } from '../../../src/queries/trusted-scan.ts'
import { type Random, randomAt } from '../../../src/random.ts'

/** What makers ask of a clip. */
export type Row = { readonly id: string; readonly group: string; readonly subject: string | null; readonly action: string | null }

export type Member = Row & { readonly side: string }

/** Clips drawn by a seed: recordings of one to three cameras, each of one action and one of `subjects` persons. */
export function drawClips(seed: number, { recordings = 60, subjects = 7, actions = 4 } = {}): Row[] {
  const random = randomAt({ seed })
  return Array.from({ length: recordings }, (_, i) => drawRecording(random, i, subjects, actions)).flat()
}

function drawRecording(random: Random, i: number, subjects: number, actions: number): Row[] {
  const [group, subject, action] = [`d/r${random.integer(1e6)}-${i}`, `s${random.integer(subjects)}`, `a${random.integer(actions)}`]
  return Array.from({ length: 1 + random.integer(3) }, (_, camera) => ({ id: `${group}/c${camera}`, group, subject, action }))
}

/** The splits that a maker makes of clips, in a session that has nothing else; `base` = who is on which side of a split called base. */
export async function make(maker: Maker, clips: readonly Row[], { salt = '0', groupKey = 'group_id', base = [] }: Partial<Pick<MakerPlace, 'salt' | 'groupKey'>> & { base?: readonly Member[] } = {}): Promise<Member[][]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await openTables(connection, clips, base)
    const queries = await makerQueries(maker, { connection, dataset: 'd', groupKey, salt, name: null })
    const byId = new Map(clips.map((clip) => [clip.id, clip]))
    return await Promise.all(queries.map(async ({ sql }) => (await rowsOf(connection, sql, {})).map(({ side, clip_id: id }) => ({ ...byId.get(String(id))!, side: String(side) }))))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function openTables(connection: DuckDBConnection, clips: readonly Row[], base: readonly Member[]): Promise<void> {
  watchScans(connection, { storeDir: '', manifests: [] })
  await connection.run(bucketMacro)
  await connection.run("CREATE TABLE clips (id VARCHAR, group_id VARCHAR, subject VARCHAR, action VARCHAR, dataset VARCHAR DEFAULT 'd', n_frames INTEGER DEFAULT 1)")
  await connection.run('CREATE TABLE splits (split VARCHAR, side VARCHAR, clip_id VARCHAR, dataset VARCHAR)')
  const value = (text: string | null): string => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`)
  const rows = clips.map(({ id, group, subject, action }) => `(${[id, group, subject, action].map(value).join(', ')})`)
  await connection.run(`INSERT INTO clips (id, group_id, subject, action) VALUES ${rows.join(', ')}`)
  if (base.length > 0) await connection.run(`INSERT INTO splits VALUES ${base.map(({ id, side }) => `('base', '${side}', '${id}', 'd')`).join(', ')}`)
}
