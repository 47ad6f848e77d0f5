import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import { pennAction } from '../../src/ingest/adapters/penn-action/penn-action.ts'
import { contextOf, readOneClip } from '../ingest/read-film.ts'
import { realPenn } from '../shared.ts'

/** Where each action's clips lie among the 2,326 files of Penn Action. */
const PLACES = { bench_press: [341, 480], clean_and_jerk: [701, 788], jumping_jacks: [1037, 1148], pullup: [1149, 1347], pushup: [1348, 1558],
  situp: [1559, 1658], squat: [1659, 1889] } as const

/** The real clips of one action, in order of id. */
export async function realClips(action: keyof typeof PLACES): Promise<Clip[]> {
  const entry = entryOf(await readCatalog(), 'penn-action')
  const plan = await pennAction.discover(contextOf(entry, realPenn!))
  const clips: Clip[] = []
  for (const item of plan.items.slice(PLACES[action][0] - 1, PLACES[action][1])) {
    const clip = await readOneClip(pennAction, contextOf(entry, realPenn!), item)
    if (clip.labels.action !== action) throw new Error(`${item.id} is no clip of ${action}`)
    clips.push(clip)
  }
  return clips
}
