/**
 * How frames are told where they are, and how wide views are cut: one training per position rule and cut, judged on the validation part of train alone (the test side is not read).
 * After `npm run build`, `posetta ingest penn-action RAW` and `posetta split penn-action --protocol official`; the same command goes on after a kill:
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/positions.ts')" STORE RUNS --validation [--seeds 0] [--actions a,b] [--set key=value]
 * What it wrote: experiments/results/positions.{md,json,svg}
 */
import { alignmentColumns } from './table/columns.ts'
import { PENN_ACTIONS } from './table/spec.ts'
import { makeTable } from './table/table.ts'

const RULES: readonly (readonly [label: string, settings: readonly string[]])[] = [
  ['none', ['position=none']],
  ['number in the view', ['position=index', 'latestStart=0']],
  ['number, from 0 to 32 on', ['position=index', 'latestStart=32']],
  ['number, from 0 to 256 on', ['position=index', 'latestStart=256']],
  ['learned table', ['position=learned']],
  ['learned bias by distance', ['position=relative']],
  ['convolution', ['position=convolution']],
  ['rotary', ['position=rotary']],
]
const CUTS = [0.3, 0.45]

await makeTable({
  name: 'positions', title: 'How positions enter',
  question: 'Does it matter for alignment how an encoder is told where a frame stands, and how much of a clip its training views show? Rules that number frames allow counting, rules of distance do not.',
  rows: RULES.flatMap(([label, settings]) => CUTS.map((cut) => ({
    label: `${label}, cut to ${cut}`, model: 'la2ds', settings: [...settings, `first.cut=${cut}`, `second.cut=${cut}`] }))),
  columns: alignmentColumns.slice(0, 3), actions: PENN_ACTIONS, metrics: ['re-cut-cycle-skill', 'event-transfer-error'], floors: ['baseline/count', 'baseline/coordinates-velocity'],
}, 'positions.ts', process.argv.slice(1))
