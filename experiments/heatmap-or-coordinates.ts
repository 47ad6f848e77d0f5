/**
 * Table (c): heatmaps against coordinates under one loss: LA2DS, an MLP on coordinates with flags (`coords-2d`, absent joints interpolated), attention among joint tokens with mask flags, and CASA's encoder in 2D; and LA2DS with absent
 * joints drawn where they are interpolated, as coordinates are.
 * At equal parameters by their own default; the rows "longer" have three times the epochs, since a step on coordinates takes a fraction of one on heatmaps: hours stand in the last table. Also in three
 * parts by the share of joints that the annotators did not see.
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/heatmap-or-coordinates.ts')" STORE RUNS
 */
import { trainDefaults } from '../src/jobs/train-config.ts'
import { byMissing } from './table/by-missing.ts'
import { alignmentColumns } from './table/columns.ts'
import { encoderRows } from './table/encoder-rows.ts'
import { PENN_ACTIONS } from './table/spec.ts'
import { makeTable } from './table/table.ts'

const longer = encoderRows.filter(({ model }) => model !== 'la2ds').map((row) => ({ ...row, label: `${row.label}, longer`, settings: [...row.settings, `epochs=${3 * trainDefaults.epochs}`] }))

await makeTable({
  name: 'heatmap-or-coordinates', title: 'Heatmaps or coordinates',
  question: `Do heatmaps align better than coordinates when loss, views, batches and optimiser are the same? Every row is compared with LA2DS on the same draws. Parts are each action's clips by the share of joints
not seen (22 % over Penn Action), fewest first, pairs within a part. Settings of LA2DS and of \`coords-2d\` were chosen on the validation part (docs/log.md), those of the others were not.`,
  rows: [...encoderRows, ...longer], columns: alignmentColumns.filter(({ metric }) => metric !== 'kendall-tau'), actions: PENN_ACTIONS, rivals: ['la2ds', 'la2ds, absent joints filled'], conditions: byMissing(3),
  floors: ['baseline/count', 'baseline/coordinates', 'baseline/coordinates-velocity'], metrics: ['re-cut-cycle-skill', 'event-transfer-error'],
}, 'heatmap-or-coordinates.ts', process.argv.slice(1))
