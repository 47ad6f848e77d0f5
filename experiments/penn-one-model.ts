/**
 * Table (b): one LA2DS for the 13 actions of Penn Action, measured action by action, beside every floor. Its numbers and those of table (a), one model per action, are of two protocols.
 * Arguments and files as docs/experiments.md has them:
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/penn-one-model.ts')" STORE RUNS
 */
import { alignmentColumns } from './table/columns.ts'
import { PENN_ACTIONS } from './table/spec.ts'
import { makeTable } from './table/table.ts'

await makeTable({
  name: 'penn-one-model', title: 'Penn Action, one model for 13 actions',
  question: `Does one LA2DS, trained on all 13 actions together and told none of them, align two performances of an action? Pairs are always of one action. Events and phases are *pseudo*, read off the same joints
by a rule. One model per action is another protocol: see penn-actions.`,
  rows: [{ label: 'la2ds, 13 actions', model: 'la2ds', settings: [], isOneModel: true, plan: { filter: { action: [...PENN_ACTIONS] } } }],
  columns: alignmentColumns, actions: PENN_ACTIONS,
}, 'penn-one-model.ts', process.argv.slice(1))
