import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Comparison, Evaluation, Measure } from '../eval/evaluate.ts'
import { protocols } from '../eval/protocol.ts'
import { readMeasures } from '../eval/run-tables.ts'
import { runFile, runFiles, type RunRecord } from '../train/index.ts'
import { compare, type Difference, type Findings, type Note } from './difference.ts'
import { type EvaluationRecord, readEvaluations } from './eval-log.ts'
import { evalJob } from './eval.ts'
import { type Tolerances, tolerancesOn, versionNotes } from './same-bits.ts'

/** Takes the measures of a run again, of the run `made` in the folder `again`, evaluation by evaluation, and compares value by value. */
export async function reproduceEvaluation({ storeDir, runsDir, again, catalogFiles, record, made, tolerances, versions }: {
  storeDir: string; runsDir: string; again: string; catalogFiles: readonly string[]; record: RunRecord; made: string; tolerances: Tolerances; versions: Readonly<Record<string, string>>
}, { signal, onMeasure }: { signal?: AbortSignal | undefined; onMeasure?: ((measure: Measure) => void) | undefined }): Promise<Findings> {
  const was = await readMeasures(join(runsDir, record.run))
  if (was === null) return { differences: [], notes: [{ what: 'evaluation', was: null, is: 'the run was not evaluated' }] }
  const kept = await readEvaluations(runsDir, record.run)
  const evaluations = kept.length > 0 ? kept : guessed(was, record)
  for (const { protocol, metrics, corrupt, baseline, device, threads } of evaluations) {
    signal?.throwIfAborted()
    if (baseline !== null && baseline !== made) await copyRun(runsDir, baseline, { to: again, as: baseline })
    await evalJob({
      storeDir, runsDir: again, catalogFiles, run: made, protocol, device, ...(metrics === null ? {} : { metrics }), ...(corrupt === null ? {} : { corrupt }),
      ...(baseline === null ? {} : { baseline }), ...(threads === null ? {} : { threads }),
    }, {
      onMeasure: (measure) => {
        signal?.throwIfAborted()
        onMeasure?.(measure)
      },
    })
  }
  const notes: Note[] = kept.length > 0 ? kept.flatMap((one) => versionNotes('the evaluation', one.versions, versions)) : [{ what: 'evaluations', was: null, is: 'not kept by the run: all that its protocols take is taken' }]
  return { differences: compareEvaluations(was, (await readMeasures(join(again, made)))!, tolerancesOn(evaluations.map(({ device }) => device), tolerances)), notes }
}

/** A run's record and checkpoint, for an evaluation that is to leave the run alone. */
export async function copyRun(runsDir: string, run: string, { to, as }: { to: string; as: string }): Promise<void> {
  await mkdir(join(to, as), { recursive: true })
  for (const file of ['record', 'checkpoint'] as const) await cp(runFile(runsDir, run, file), join(to, as, runFiles[file]))
}

/** What must have been asked for, of a run that does not say. */
function guessed({ measures }: Evaluation, { device, threads, versions }: RunRecord): EvaluationRecord[] {
  return [...new Set(measures.map(({ protocol }) => protocol))].map((name) => {
    const protocol = protocols.find((one) => name === one.name || name.startsWith(`${one.name}+`))?.name ?? name
    return { protocol, corrupt: name === protocol ? null : name.slice(protocol.length + 1), metrics: null, baseline: null, device, threads, versions, took: [] }
  })
}

/** Every value that was kept; what is measured beyond that is nobody's loss. */
function compareEvaluations(was: Evaluation, is: Evaluation, { measure, reasons }: Tolerances): Difference[] {
  const nameOf = ({ metric, protocol, action, card, encoder }: Measure | Comparison): string => `${metric} (${protocol}, ${action}, ${card}) of ${encoder}`
  const againstOf = (one: Comparison): string => `${nameOf(one)} against ${one.against}`
  const measures = new Map(is.measures.map((one) => [nameOf(one), one]))
  const comparisons = new Map(is.comparisons.map((one) => [againstOf(one), one]))
  const numbers = <R extends Measure | Comparison>(name: string, one: R, other: R | undefined, columns: readonly (keyof R & string)[]): Difference[] =>
    (other === undefined ? compare(name, one.value, null) : columns.flatMap((column) => compare(`${column} of ${name}`, one[column] as number | null, other[column] as number | null, measure)))
  return [
    ...was.measures.flatMap((one) => numbers(nameOf(one), one, measures.get(nameOf(one)), ['value', 'low', 'high', 'n', 'clips'])),
    ...was.comparisons.flatMap((one) => numbers(againstOf(one), one, comparisons.get(againstOf(one)), reasons.length > 0 ? ['value', 'low', 'high'] : ['value', 'low', 'high', 'p'])),
  ]
}
