/**
 * Table (g): joints, pictures, and both, early, mid and late, on twins whose events are exact and of which neither kind of input shows all (docs/fusion.md): a ball in the pictures alone, a swing in the joints
 * alone, and clutter, a decoy, a bystander and a screen before the body that mean nothing. From nothing: a STORE without penn-action gets the twin of 88 serves (or give a store with frames embedded and these
 * key events annotated). The same command goes on after a kill:
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/fusion.ts')" STORE RUNS [--seeds 0,1,2]
 */
import { byEvent } from './table/by-event.ts'
import { keptSplit } from './table/kept-split.ts'
import { placeOf } from './table/place.ts'
import type { Results } from './table/results.ts'
import { PENN, type Row } from './table/spec.ts'
import { makeTable } from './table/table.ts'
import { twinStore } from './table/twin-store.ts'
import { gapOf, inWords, isAhead } from './table/verdict.ts'

const ACTION = 'tennis_serve'
const conditions = byEvent({ 'ball events': ['ball released from hand', 'ball touches racket'], 'swing event': ['racket swung fully back'] })
const ALL = conditions[0]!.label
const settings = ['frames=24', 'batch=6', 'epochs=40']
const alone: readonly Row[] = [{ label: 'la2ds', model: 'la2ds', settings }, { label: 'rgb', model: 'rgb', settings }]
const fused = ['early', 'mid', 'late'].map((level): Row => ({ label: `la2ds-rgb, ${level}`, model: 'la2ds-rgb', settings: [...settings, `fusion.level=${level}`] }))

/** Fused must beat each alone, by paired intervals, on all events together: else the twin was a smoke test. */
function verdict(results: Results): string {
  if ([...alone, ...fused].some(({ label }) => !results.subjects.some((subject) => subject.label === label))) return 'Not every row was asked for: no verdict.'
  const lines = fused.map(({ label }) => {
    const gaps = alone.map(({ label: against }) => gapOf(results, { column: 'ETE', condition: ALL, subject: label, against }))
    return { isBetter: gaps.every((gap) => isAhead(results, gap)), text: `\`${label}\` ${gaps.map((gap) => `${inWords(gap)} from \`${gap.against}\``).join(', ')}` }
  })
  const winners = lines.filter(({ isBetter }) => isBetter).length
  return `**${winners > 0 ? `${winners} of ${lines.length} fused models beat each kind of input alone` : 'No fused model beats both kinds of input alone: a smoke test of fusion, not evidence for it'}**, by paired
intervals of event transfer error over ${ALL} (lower is better): ${lines.map(({ text }) => text).join('; ')}.`
}

const place = placeOf(process.argv.slice(1))
const isTwin = await twinStore(place.storeDir, { dataset: PENN.dataset, clips: 88, ball: true })
await keptSplit(place, PENN)
await makeTable({
  name: 'fusion', title: `Joints, pictures, and both${isTwin ? ', on twins' : ''}`,
  question: `Do joints and pictures together place events that neither shows alone? ${isTwin ? `88 synthetic serves, seed 0, with exact key events drawn independently of one another: two of the ball, in the pictures alone; one of the swing, in the joints
alone (docs/fusion.md). ` : ''}Errors of several events are shares of the time from the first to the last of them, of a single one shares of half the clip. The trainings are short ones, of views of at most 24 frames, and the same for every row.`,
  rows: [...alone, ...fused], rivals: alone.map(({ label }) => label), actions: [ACTION], verdict,
  columns: [
    { title: 'ETE', metric: 'event-transfer-error', card: 'views', actions: [ACTION] },
    { title: 'PCE@.2', metric: 'event-transfer-correct', card: 'views', actions: [ACTION] },
    { title: 'Phase time missed', metric: 'correspondence-error-nearest', card: 'views', actions: [ACTION] },
  ],
  metrics: ['event-transfer-error', 'correspondence-error'], conditions,
}, 'fusion.ts', place)
