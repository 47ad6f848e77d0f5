/**
 * Table (e): LA2DS without each of its augmentations, and with each choice of architecture made otherwise, one at a time. Always on the part of train that is kept for validation: what it says may
 * become a default, and the test side is not read.
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/ablation.ts')" STORE RUNS
 */
import { ablationRows } from './table/ablation-rows.ts'
import { alignmentColumns } from './table/columns.ts'
import { PENN_ACTIONS } from './table/spec.ts'
import { makeTable } from './table/table.ts'

await makeTable({
  name: 'ablation', title: 'LA2DS, one choice at a time',
  question: `What does each augmentation and each choice of architecture bring? Measured on the validation part of train, on which the kept parameters were chosen too: values are a little high, differences fair.
Every row is compared with the default.`,
  rows: ablationRows, columns: alignmentColumns, actions: PENN_ACTIONS, rivals: ['default'], floors: ['baseline/coordinates-velocity'], metrics: ['re-cut-cycle-skill', 'event-transfer-error'],
}, 'ablation.ts', [...process.argv.slice(1), '--validation'])
