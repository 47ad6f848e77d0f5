/**
 * Table (d): what is left of the alignment when what encoders are shown is corrupted, a table and a figure per kind of corruption, with 95 % bands. Nothing is trained again for it: the runs are those of
 * penn-actions and heatmap-or-coordinates.
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/robustness.ts')" STORE RUNS [--kinds missing,noise]
 */
import { corruptions } from '../src/eval/corruptions/index.ts'
import { alignmentColumns } from './table/columns.ts'
import { kindsOf } from './table/place.ts'
import { encoderRows } from './table/encoder-rows.ts'
import { PENN_ACTIONS } from './table/spec.ts'
import { makeTable } from './table/table.ts'

const { kinds, rest } = kindsOf(process.argv.slice(1))

for (const { name, summary, unit, levels } of corruptions.filter((one) => kinds === null || kinds.includes(one.name))) {
  await makeTable({
    name: `robustness-${name}`, title: `Robustness: ${name}`,
    question: `What is left when ${summary} (${unit})? Every encoder is shown the same corrupted clips, each drawn once and keyed by its joints; labels, cuts and time stay clean. No model was trained for it beyond
its own augmentations.`,
    rows: encoderRows, columns: alignmentColumns.filter(({ metric }) => metric !== 'kendall-tau'), actions: PENN_ACTIONS, rivals: ['la2ds', 'la2ds, absent joints filled'],
    conditions: levels.map((level) => ({ label: String(level), ...(level === 0 ? {} : { corrupt: `${name}=${level}` }) })),
    floors: ['baseline/count', 'baseline/coordinates', 'baseline/coordinates-velocity'], metrics: ['re-cut-cycle-skill', 'event-transfer-error'],
  }, 'robustness.ts', rest)
}
