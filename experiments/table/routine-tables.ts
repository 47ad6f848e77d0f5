import { readClips, readSplit } from '../../src/store/index.ts'
import { encoderRows } from './encoder-rows.ts'
import { keptSplit } from './kept-split.ts'
import { kindsOf, placeOf } from './place.ts'
import type { Results } from './results.ts'
import { type RoutineRequest, routineStore } from './routine-store.ts'
import type { Row } from './spec.ts'
import { makeTable } from './table.ts'
import { twinStore } from './twin-store.ts'
import { gapOf, inWords, isAhead } from './verdict.ts'

export type RoutineTables = RoutineRequest & {
  readonly title: string
  /** Recordings of the twin that a store without the data set gets. */
  readonly recordings: number
  readonly split: string
  /** Of a split of one's own; left out: `split` is a protocol. */
  readonly sql?: string
  /** For every row. */
  readonly settings: readonly string[]
}

/** Phases that a frame's correspondence may miss on twins, on the mean. */
const WANTED = 0.05
/** Recordings on the test side without which a routine is no column's. */
const FEWEST = 3

const rows2d: readonly Row[] = [...encoderRows, { label: 'casa, its own loss', model: 'casa', settings: ['casa.dims=2', 'loss=match-and-regress'] }]
const rows3d: readonly Row[] = [
  { label: 'casa in 3D', model: 'casa', settings: ['casa.dims=3'] }, { label: 'casa in 3D, its own loss', model: 'casa', settings: ['casa.dims=3', 'loss=match-and-regress'] },
]

/**
 * Tables of routines whose steps are labelled, one model for all of them, on the data set in STORE, or on its twin where STORE lacks it: `NAME-2d` and `NAME-3d`, NAME = the data set, with `-twin` for a twin. Each asks for
 * alignment of a routine with other people's doings of it. `--kinds 2d` for one of them.
 */
export async function routineTables(request: RoutineTables, script: string, argv: readonly string[]): Promise<void> {
  const { dataset, title, recordings, split, sql, settings } = request
  const { kinds, rest } = kindsOf(argv)
  const given = placeOf(rest)
  const isTwin = await twinStore(given.storeDir, { dataset, clips: recordings })
  const place = { ...given, storeDir: await routineStore(given, request) }
  await keptSplit(place, { dataset, split }, sql)
  const actions = await testedIn(place.storeDir, { dataset, split })
  for (const [kind, rows] of Object.entries({ '2d': rows2d, '3d': rows3d }).filter(([kind]) => kinds === null || kinds.includes(kind))) {
    await makeTable({
      name: `${dataset}${isTwin ? '-twin' : ''}-${kind}`, title: `${title}${isTwin ? ', a twin' : ''}, joints in ${kind.toUpperCase()}`, data: { dataset, split }, actions,
      question: `Are the steps of a routine found again where somebody else takes them? Clips are routines cut out of longer recordings (${request.routines.map(({ name, steps }) => `${name}: ${steps.join(', ')}`).join('; ')}), phases their steps${isTwin ? `,
exact: a synthetic twin of ${recordings} recordings, seed 0` : ', as annotated'}. One model for all routines, pairs are of one routine and different recordings. Phase time missed is the dense error, in phases: 0 = every frame is led to its own share of its own step.`,
      rows: rows.map((row) => ({ ...row, settings: [...row.settings, ...settings], isOneModel: true })), rivals: [rows[0]!.label], verdict,
      columns: [
        { title: 'Phase time missed', metric: 'correspondence-error-nearest', card: 'views', actions }, { title: 'ETE', metric: 'event-transfer-error', card: 'views', actions },
        { title: 'PCE@.2', metric: 'event-transfer-correct', card: 'views', actions }, { title: 'RCS', metric: 're-cut-cycle-skill', card: 'views', actions },
      ],
      metrics: ['correspondence-error', 'event-transfer-error', 're-cut-cycle-skill', 'kendall-tau'],
    }, script, place)
  }
}

/** The routines that enough recordings of the test side show, by name. */
async function testedIn(storeDir: string, { dataset, split }: { dataset: string; split: string }): Promise<string[]> {
  const clips = await readClips(storeDir, dataset, (await readSplit(storeDir, dataset, split)).sides.test)
  const actions = [...new Set(clips.flatMap(({ labels }) => labels.action ?? []))].sort()
  return actions.filter((action) => new Set(clips.filter(({ labels }) => labels.action === action).map(({ group }) => group)).size >= FEWEST)
}

/** Whether frames are led where they belong as exactly as is wanted of twins, and whether better than every floor leads them. */
function verdict(results: Results): string {
  const column = 'Phase time missed'
  const condition = results.conditions[0]!
  const [rows, floors] = [results.subjects.filter(({ isFloor }) => !isFloor), results.subjects.filter(({ isFloor }) => isFloor)]
  const lines = rows.map(({ label }) => {
    const value = results.values.find((one) => one.column === column && one.action === null && one.subject === label)!
    const ahead = floors.filter((floor) => isAhead(results, gapOf(results, { column, condition, subject: label, against: floor.label })))
    return { isMet: value.value !== null && value.value <= WANTED, text: `\`${label}\` ${inWords(value)}, ahead of ${ahead.length} of ${floors.length} floors by paired intervals` }
  })
  return `**A dense error of at most ${WANTED} phases: ${lines.some(({ isMet }) => isMet) ? 'met' : 'not met'}.** ${lines.map(({ text }) => text).join('; ')}.`
}
