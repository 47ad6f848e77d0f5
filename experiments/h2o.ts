/**
 * Table (h), hands: what is done with an object, from grabbing to placing it, aligned over sequences of H2O's first-person camera; joints in 2D and in 3D. From nothing: a STORE without h2o gets its twin, whose steps
 * are exact. A store with the real h2o (its lists label subjects 1 to 3) makes the same tables under the names h2o-2d and h2o-3d. Subject 3 is tested. The same command goes on after a kill:
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/h2o.ts')" STORE RUNS [--kinds 2d] [--seeds 0,1,2]
 */
import { routineTables } from './table/routine-tables.ts'

/** By object, in the order of the labels of the data set. */
const DONE: Readonly<Record<string, readonly string[]>> = {
  book: ['grab', 'read', 'place'],
  espresso: ['grab', 'read', 'take out', 'put in', 'place'],
  lotion: ['grab', 'open', 'squeeze', 'apply', 'close', 'place'],
  spray: ['grab', 'spray', 'apply', 'place'],
  milk: ['grab', 'open', 'pour', 'close', 'place'],
  cocoa: ['grab', 'take out', 'put in', 'place'],
  chips: ['grab', 'open', 'take out', 'close', 'place'],
  cappuccino: ['grab', 'take out', 'put in', 'place'],
}

await routineTables({
  dataset: 'h2o', title: 'H2O', recordings: 96, camera: 'cam4', sources: [], track: 'action', background: ['background'],
  routines: Object.entries(DONE).map(([object, verbs]) => ({ name: object, steps: verbs.map((verb) => `${verb} ${object}`) })),
  split: 'subject-3', sql: `SELECT CASE subject WHEN 'subject3' THEN 'test' ELSE 'train' END AS side, id AS clip_id FROM clips WHERE dataset = $dataset ORDER BY clip_id`,
  settings: ['frames=48', 'epochs=60'],
  hint: 'hand poses come with the download of H2O, after registration: https://h2odataset.ethz.ch; posetta ingest h2o DIR',
}, 'h2o.ts', process.argv.slice(1))
