import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { ToolkitError } from '../errors.ts'
import { replaceFile, runFile } from '../train/index.ts'

const evaluation = z.strictObject({
  protocol: z.string(),
  /** null = all that the protocol takes. */
  metrics: z.array(z.string()).nullable(),
  corrupt: z.string().nullable(),
  baseline: z.string().nullable(),
  device: z.string(),
  threads: z.int().nullable(),
  versions: z.record(z.string(), z.string()),
  /** Full names of the measures it took. */
  took: z.array(z.string()),
})

/** One `posetta eval` of a run, as it was asked for, and what did it: with it the same measures can be taken again. */
export type EvaluationRecord = z.infer<typeof evaluation>

/** The evaluations of a run, oldest first; none when it was never evaluated, or before they were kept. Throws E_RUN_DAMAGED. */
export async function readEvaluations(runsDir: string, run: string): Promise<EvaluationRecord[]> {
  const file = runFile(runsDir, run, 'evaluations')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? '[]' : Promise.reject(error)))
  try {
    return z.array(evaluation).parse(JSON.parse(text))
  } catch (cause) {
    throw new ToolkitError('E_RUN_DAMAGED', `"${file}" is of another format`, { cause, hint: `remove it, and evaluate again: posetta eval ${run}` })
  }
}

/** Adds an evaluation; one asked for in the same words before is taken over by it. */
export async function noteEvaluation(runsDir: string, run: string, done: EvaluationRecord): Promise<void> {
  const askedOf = ({ protocol, metrics, corrupt, baseline }: EvaluationRecord) => JSON.stringify([protocol, metrics, corrupt, baseline])
  const before = (await readEvaluations(runsDir, run)).filter((one) => askedOf(one) !== askedOf(done))
  await replaceFile(runFile(runsDir, run, 'evaluations'), `${JSON.stringify([...before, done], null, 1)}\n`)
}
