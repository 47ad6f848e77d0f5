import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clip } from '../../src/clip.ts'
import type { Image } from '../../src/film.ts'
import { sha256 } from '../../src/hash.ts'
import { randomAt } from '../../src/random.ts'
import { hashSides } from '../../src/split.ts'
import { tagVersion } from '../../src/store/index.ts'
import { packClip } from '../../src/store/pack-clip.ts'
import { packFilm } from '../../src/store/pack-film.ts'
import { writeSplit } from '../../src/store/splits.ts'
import { openStoreWriter } from '../../src/store/write-store.ts'
import { makeClip, skeletons, spatial, three } from '../store/clips.ts'

const pictures = (film: string, count: number): Image[] => Array.from({ length: count }, (_, frame) => {
  const random = randomAt({ seed: 3, clip: film, position: frame })
  const data = Uint8Array.from({ length: 300 }, () => random.integer(256))
  return { frame, path: `${film}/${frame}.jpg`, width: 8, height: 6, pts: null, hash: `sha256:${sha256(data)}`, bytes: data.length, data }
})

const phased = (id: string): Clip => {
  const clip = makeClip(id, { frames: 4 })
  return { ...clip, labels: { ...clip.labels, phases: [{ start: 0, end: 2, label: 'down' }, { start: 2, end: 4, label: 'up' }] } }
}

/**
 * A data set `tiny` of some kilobytes with a file of every kind: each table, two layouts, embedded pictures, a proxy, quarantine,
 * receipts, a split, a tag, and a version before (without the last film).
 */
export async function damageStore(storeDir: string): Promise<void> {
  const bad = { source: 'x.mat', code: 'E_MAT', message: 'no', offset: null, sha256: null, readmit: 'mend it' }
  const films = [[phased('tiny/a'), spatial('tiny/a#3d')], [makeClip('tiny/b')], [phased('tiny/c')]]
  for (const count of [2, 3]) {
    const writer = await openStoreWriter({ storeDir, dataset: 'tiny' })
    const shard = writer.openShard('all')
    for (const clips of films.slice(0, count)) {
      const [{ id }] = clips as [Clip]
      const file = join(writer.scratch, `${id.slice(-1)}.mp4`)
      writeFileSync(file, sha256(id).repeat(8))
      const packed = clips.map((clip) => packClip(clip, clip.skeleton === 'three' ? three.joints : skeletons[0]!.joints))
      await shard.add(packFilm(id, packed, { images: pictures(id, 2), proxy: id === 'tiny/b' ? { file, frames: 3 } : null }))
    }
    await shard.finish(films.slice(0, count).map(([clip]) => ({ id: clip!.id, fingerprint: 'as it was', quarantined: [] })), { key: sha256('key'), bits: 0 })
    const { root } = await writer.commit({ shardBits: 0, quarantined: [bad], complete: true, entry: sha256('entry') })
    await writer.close()
    const sides = { train: ['tiny/a', 'tiny/a#3d'], test: ['tiny/b'] }
    if (count === 3) await writeSplit(storeDir, { name: 'halves', dataset: 'tiny', query: 'select 1', groupKey: 'group_id', seed: 0, salt: '0', hash: hashSides(sides), sides }, root)
  }
  await tagVersion(storeDir, 'tiny', 'before', 'newest~1')
}
