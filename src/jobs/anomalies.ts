import { ToolkitError } from '../errors.ts'
import { type Anomalies, type AnomalyOptions, findAnomalies, referenceSet } from '../eval/alignment/find-anomalies.ts'
import type { Step } from '../eval/alignment/steps.ts'
import { namedPhases } from '../eval/phase-names.ts'
import { columns } from '../eval/table-file.ts'
import { checkRows, writeRows } from './write-rows.ts'
import { type EncoderRequest, openEncoder } from './open-encoder.ts'
import { readReferences, type ReferenceRequest } from './references.ts'

/** What `posetta anomalies` asks for. */
export type AnomaliesRequest = EncoderRequest & ReferenceRequest & AnomalyOptions & {
  /** A file for the scores of the frames, .csv, .json or .parquet. */
  readonly output?: string | undefined
}

export type AnomaliesResult = Pick<Anomalies, 'limit' | 'segments'> & {
  /** The run, or the floor. */
  readonly encoder: string
  readonly commit: string
  readonly clip: { readonly id: string; readonly action: string | null; readonly frames: number }
  readonly references: readonly string[]
  readonly frames: readonly { readonly frame: number; readonly score: number; readonly quantile: number }[]
  /** null = too few references have phases. */
  readonly steps: { readonly chance: number; readonly references: number; readonly steps: readonly (Step & { readonly label: string })[] } | null
  /** Is anything out of the ordinary? */
  readonly isAnomalous: boolean
  readonly output: string | null
}

/** Fewest references: of fewer, a clean clip would be flagged more than once in five. */
const FEWEST = 4
const tableColumns = columns('clip text, frame integer, score double, quantile double')

/** Looks for what of a clip is not as in its references. Throws what `openEncoder` and `readReferences` throw, E_FEW_REFERENCES, E_USAGE for another kind of file. */
export async function anomaliesJob({ output, level, nearest, ...request }: AnomaliesRequest): Promise<AnomaliesResult> {
  if (output !== undefined) checkRows(output)
  const open = await openEncoder(request)
  try {
    const [clip] = await open.read([request.clip])
    const references = await readReferences(open, clip!, request)
    if (references.length < FEWEST) throw new ToolkitError('E_FEW_REFERENCES', `${references.length} ${references.length === 1 ? 'reference' : 'references'}: at least ${FEWEST} are needed to tell what is usual`, { hint: 'name more of them after the clip' })
    const [own, ...embedded] = await open.embed([clip!, ...references])
    const named = references.map((reference) => namedPhases(reference, open.entry.phases))
    const set = referenceSet(embedded.map(({ embedding }, at) => ({ embedding, steps: named[at]?.phases ?? null })))
    const { scores, quantiles, limit, segments, steps } = findAnomalies(own!, set, { level, nearest })
    const names = named.flatMap((one) => (one === null || one.names.length !== steps?.steps.length ? [] : [one.names]))[0]
    const frames = Array.from(scores, (score, frame) => ({ frame, score, quantile: quantiles[frame]! }))
    const about = { encoder: open.name, commit: open.manifest.commit }
    if (output !== undefined) {
      await writeRows(output, { columns: tableColumns, rows: frames.map(({ frame, score, quantile }) => [clip!.id, frame, score, quantile]), about: { posetta: 'anomalies 1', ...about } })
    }
    return {
      ...about, clip: { id: clip!.id, action: clip!.labels.action, frames: clip!.frames }, references: references.map(({ id }) => id), frames, limit, segments,
      steps: steps === null ? null : { ...steps, steps: steps.steps.map((step) => ({ ...step, label: names![step.step]! })) },
      isAnomalous: segments.length > 0 || steps?.steps.some(({ state }) => state !== 'done') === true, output: output ?? null,
    }
  } finally {
    await open.close()
  }
}
