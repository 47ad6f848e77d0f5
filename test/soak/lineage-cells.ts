import { cpSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { readMeasures } from '../../src/eval/run-tables.ts'
import { sha256 } from '../../src/hash.ts'
import { openRawFolder } from '../../src/ingest/raw-folder.ts'
import { byteRanges } from '../../src/ingest/byte-ranges.ts'
import { readAgain } from '../../src/ingest/read-again.ts'
import { TWIN_FILE } from '../../src/ingest/twin-file.ts'
import { type Explanation, explainJob } from '../../src/jobs/explain.ts'
import { randomAt } from '../../src/random.ts'
import { readRun } from '../../src/train/index.ts'
import type { LineagePlaces } from '../jobs/lineage-run.ts'

/**
 * Draws cells of a run's evaluation (a measure and one clip in it) and follows each to its raw files: those have the stated hashes and bytes, and the clip read
 * from a folder with nothing but them has the store's logical hash. Answers how many cells were checked; throws for one that does not hold.
 */
export async function checkCells(places: LineagePlaces, { cells, seed }: { cells: number; seed: number }): Promise<number> {
  const { run, model, dataset } = await readRun(places.runsDir, 'latest')
  const entry = entryOf(await readCatalog(), dataset)
  const measures = (await readMeasures(join(places.runsDir, run)))!.measures.filter(({ encoder, value }) => encoder === model && value !== null)
  const explained = new Map<string, Explanation>()
  for (let cell = 0; cell < cells; cell++) {
    const random = randomAt({ seed, position: cell })
    const { metric, protocol, action, card } = measures[random.integer(measures.length)]!
    const key = [metric, protocol, action, card].join(' ')
    const explanation = explained.get(key) ?? await explainJob({ ...places, rawDir: null, run, metric, protocol, action, card, clips: [] })
    explained.set(key, explanation)
    const clip = explanation.clips[random.integer(explanation.clips.length)]!
    const alone = mkdtempSync(join(tmpdir(), 'posetta-cell-'))
    try {
      for (const { path, bytes, sha256: hash } of clip.raw) {
        const found = readFileSync(join(places.rawDir, path))
        if (found.length !== bytes || sha256(found) !== hash) throw new Error(`${key}: ${path} of ${clip.clip} is not what was stated`)
        mkdirSync(dirname(join(alone, path)), { recursive: true })
        cpSync(join(places.rawDir, path), join(alone, path))
      }
      cpSync(join(places.rawDir, TWIN_FILE), join(alone, TWIN_FILE))
      const ranges = clip.raw.flatMap((file) => byteRanges(openRawFolder(alone), file) ?? [])
      if (ranges.length === 0) throw new Error(`${key}: no bytes of ${clip.clip} are known`)
      const decoded = []
      for await (const { film } of readAgain({ entry, rawDir: alone, storeDir: join(alone, 'none'), films: new Set([clip.clip]) })) decoded.push(...film?.clips ?? [])
      if (decoded.find(({ id }) => id === clip.clip)?.hash !== clip.hash) throw new Error(`${key}: ${clip.clip}, read from its raw files alone, is another clip`)
    } finally {
      await rm(alone, { recursive: true })
    }
  }
  return cells
}
