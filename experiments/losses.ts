/**
 * Table (f): every alignment loss under one encoder, LA2DS's, with one set of views, one model per action: the losses of CASA, CARL, LAV, GTA, GTCC, VAOT, TCC, TCN, SaL and VAVA with their own defaults,
 * and the soft match that is ours. Parameters are chosen on the validation part by the same measure for all.
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/losses.ts')" STORE RUNS [--validation]
 */
import { alignmentColumns } from './table/columns.ts'
import { PENN_ACTIONS } from './table/spec.ts'
import { makeTable } from './table/table.ts'

const LOSSES = ['soft-match', 'match-and-regress', 'carl', 'lav', 'gta', 'gtcc', 'vaot', 'tcc', 'tcn', 'sal', 'tcc-sal-tcn', 'vava']

await makeTable({
  name: 'losses', title: 'Losses under one encoder',
  question: `Which loss aligns best when encoder, views, batches, optimiser and steps are the same? Each has the defaults of its published code; none was tuned for this encoder, so a low place says little of the
method it comes from. \`soft-match\` is the default of LA2DS here: rows are compared with it.`,
  rows: LOSSES.map((loss) => ({ label: loss, model: 'la2ds', settings: [`loss=${loss}`] })),
  columns: alignmentColumns, actions: PENN_ACTIONS, rivals: ['soft-match'], floors: ['baseline/count', 'baseline/coordinates-velocity', 'baseline/event'],
  metrics: ['re-cut-cycle-skill', 'event-transfer-error', 'kendall-tau'],
}, 'losses.ts', process.argv.slice(1))
