/**
 * Table (a): LA2DS on the real Penn Action labels, official split, one model per action, beside every floor: re-cut cycle skill over 13 actions, event transfer over the five whose
 * events can be read off the joints, the other metrics as diagnostics. Hyper-parameters come from the validation part of train; the test side is read by this script alone.
 * After `npm run build`, `posetta ingest penn-action RAW` and `posetta split penn-action --protocol official`; the same command goes on after a kill:
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/penn-actions.ts')" STORE RUNS [--seeds 0,1,2] [--set key=value] [--actions a,b] [--validation]
 * What it wrote: experiments/results/penn-actions.{md,json,svg}
 */
import { PENN_ACTIONS } from './table/spec.ts'
import { makeTable } from './table/table.ts'
import { alignmentColumns } from './table/columns.ts'

await makeTable({
  name: 'penn-actions', title: 'Penn Action, one model per action',
  question: `Does LA2DS align two performances of an action, and better than what sees no pose, or one pose alone? Re-cut cycle skill (RCS: 1 = every moment finds its way back, 0 = the best constant
answer) needs no labels; events and phases are *pseudo*, read off the same joints by a rule, and are for comparison within this table only. \`baseline/event\` is told that rule: an oracle, not a rival.`,
  rows: [{ label: 'la2ds', model: 'la2ds', settings: [] }], columns: alignmentColumns, actions: PENN_ACTIONS,
}, 'penn-actions.ts', process.argv.slice(1))
