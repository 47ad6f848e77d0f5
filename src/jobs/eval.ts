import { join } from 'node:path'
import type { Clip } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { baselines } from '../eval/baselines/index.ts'
import { corruptionText, parseCorruption } from '../eval/corruptions/index.ts'
import { type Comparison, evaluate, type Evaluation, type Measure } from '../eval/evaluate.ts'
import { type MeasureItems, writeItems } from '../eval/item-table.ts'
import type { Embedded } from '../eval/measured.ts'
import { mergeEvaluations } from '../eval/merge-evaluations.ts'
import { overActions, type TakenMeasure } from '../eval/over-actions.ts'
import type { Probed } from '../eval/probes/probe-encoder.ts'
import { writeProbes } from '../eval/probes/probe-table.ts'
import { readMeasures, writeEmbeddings, writeMeasures } from '../eval/run-tables.ts'
import { itemsOf } from '../eval/sums.ts'
import { scopeWarning } from '../eval/unlike.ts'
import { fewNames } from '../few-names.ts'
import { readRun } from '../train/index.ts'
import { noteEvaluation } from './eval-log.ts'
import { type EvalPieces, evalPieces } from './eval-pieces.ts'
import type { EvalRequest } from './eval-request.ts'
import { leftOutText, readSides } from './eval-sides.ts'
import { actionOf, type EvalTask, protocolAsked, tookOf } from './eval-work.ts'
import { type OpenEncoders, openEncoders, scopeOf } from './open-encoders.ts'
import { versions } from './versions.ts'

export type EvalResult = {
  readonly run: string
  readonly measures: readonly Measure[]
  readonly comparisons: readonly Comparison[]
  /** What the run's encoder turns out to be, then the untrained one and another run's. */
  readonly probes: readonly Probed[]
  readonly files: readonly string[]
  /** What a reader of the values must know: runs and protocols that are not alike, given embeddings that were not asked for, probes that could not be taken. */
  readonly warnings: readonly string[]
}

type Effects = { readonly onMeasure?: (measure: Measure) => void }

/**
 * Measures a run and every floor on the test side of its split, one action after the other and, where there are several, as means over them, and keeps `embeddings.parquet`, `measures.parquet`, `items.parquet`
 * (what each clip or pair adds to the run's own measures of one action), `probes.parquet` (what kind of encoder it is) and, in `evaluations.json`, what was asked for, in the run's folder;
 * measures taken before under other metrics or protocols stay. Threads share the work, and change no number. Throws E_VERSION_GONE when the store does not hold the version the run was trained on,
 * E_CLIP_PURGED when clips it needs were purged from it, E_RUN_GIVEN for corrupted clips beside embeddings that were given.
 */
export async function evalJob(request: EvalRequest, effects: Effects = {}): Promise<EvalResult> {
  const protocol = protocolAsked(request)
  const corrupt = request.corrupt === undefined ? null : corruptionText(parseCorruption(request.corrupt))
  const opened = await openEncoders(request)
  try {
    const { record } = opened
    if (corrupt !== null && opened.given.length > 0) throw new ToolkitError('E_RUN_GIVEN', `--corrupt ${corrupt}: embeddings that were given cannot be shown corrupted clips`, { hint: 'leave --corrupt out, or name runs that have a model' })
    const { train, test, leftOut } = await readSides(request, record)
    for (const given of opened.given) given.know({ train, test })
    const actions = [...new Set(test.map(actionOf))].sort()
    const pieces = await evalPieces(opened, request, { train, test }, [...actions.flatMap((action) => takesOf(opened, action)), ...probesOf(opened)])
    try {
      const { found, items } = await measureActions({ opened, request, actions, train, test }, pieces, effects)
      const folder = join(request.runsDir, record.run)
      const before = await readMeasures(folder)
      const files = [await writeMeasures(folder, record.run, before === null ? found : mergeEvaluations(before, found)), await writeItems(folder, record.run, items)]
      await noteEvaluation(request.runsDir, record.run, {
        protocol: request.protocol ?? 'primary', metrics: request.metrics === undefined ? null : [...new Set(request.metrics)], corrupt,
        baseline: request.baseline === undefined ? null : (await readRun(request.runsDir, request.baseline)).run,
        device: request.device ?? record.device, threads: request.threads ?? record.threads, versions: await versions(),
        took: [...new Set(found.measures.map(({ metric }) => metric))],
      })
      const { probes, notProbed } = await probeAll(opened, pieces)
      files.push(await writeProbes(folder, record.run, probes))
      if (corrupt === null) files.push(await writeEmbeddings(folder, record.run, await embeddedWhole(opened, { test, actions }, pieces)))
      return { run: record.run, ...found, probes, files, warnings: [...opened.warnings, ...scopeWarning({ run: record.run, scope: scopeOf(record) }, { ...protocol, name: request.protocol ?? 'primary' }), ...notProbed, ...leftOutText(leftOut), ...unusedText(opened.own?.unused() ?? [])] }
    } finally {
      await pieces.close()
    }
  } finally {
    for (const one of opened.open) await one.close()
  }
}

/** Measures, comparisons and items of each action, and the means over them. */
async function measureActions({ opened: { encoder, others, unlike }, request, actions, train, test }: {
  opened: OpenEncoders; request: EvalRequest; actions: readonly string[]; train: readonly Clip[]; test: readonly Clip[]
}, pieces: EvalPieces, effects: Effects): Promise<{ found: Evaluation; items: MeasureItems[] }> {
  const protocol = protocolAsked(request)
  let found: Evaluation = { measures: [], comparisons: [] }
  const [items, taken]: [MeasureItems[], TakenMeasure[]] = [[], []]
  for (const action of actions) {
    const ofAction = (clip: Clip) => actionOf(clip) === action
    const part = await evaluate({
      encoder, baselines: [...baselines.map(({ make }) => make({ action, seed: protocol.seed })), ...others], train: train.filter(ofAction), test: test.filter(ofAction), action, protocol, metrics: request.metrics, unlike,
      take: async ({ name }) => tookOf(await pieces.get({ kind: 'take', encoder: name, action })),
      onMeasured: (measure, measured) => {
        taken.push({ measure, measured })
        if (measure.encoder === encoder.name) items.push({ measure, items: [measured].flat().flatMap(({ sums, clips }) => itemsOf(sums, clips)) })
      }, ...effects,
    })
    found = { measures: [...found.measures, ...part.measures], comparisons: [...found.comparisons, ...part.comparisons] }
  }
  if (actions.length < 2) return { found, items }
  const { measures, comparisons } = overActions(taken, { encoder: encoder.name, unlike, seed: protocol.seed, draws: protocol.draws })
  for (const measure of measures) effects.onMeasure?.(measure)
  return { found: { measures: [...found.measures, ...measures], comparisons: [...found.comparisons, ...comparisons] }, items }
}

function takesOf({ encoder, others }: OpenEncoders, action: string): EvalTask[] {
  return [encoder, ...baselines, ...others].map(({ name }) => ({ kind: 'take', encoder: name, action }))
}

function probesOf({ encoder, others }: OpenEncoders): (EvalTask & { kind: 'probe' })[] {
  return [encoder, ...others].map(({ name }) => ({ kind: 'probe', encoder: name }))
}

/** The run's encoder first; without its views nothing is probed, and of the others those that lack theirs are not. */
async function probeAll(opened: OpenEncoders, pieces: EvalPieces): Promise<{ probes: Probed[]; notProbed: string[] }> {
  const probes: Probed[] = []
  const notProbed: string[] = []
  for (const task of probesOf(opened)) {
    const outcome = await pieces.get(task)
    if (!('probed' in outcome)) continue
    if (outcome.lacking === null) probes.push(outcome.probed)
    else notProbed.push(`${task.encoder === opened.encoder.name ? 'it' : task.encoder} was not probed: ${outcome.lacking}`)
    if (probes.length === 0) break
  }
  return { probes, notProbed }
}

/** Test clips whole, under their own names. */
async function embeddedWhole({ encoder }: OpenEncoders, { test, actions }: { test: readonly Clip[]; actions: readonly string[] }, pieces: EvalPieces): Promise<Embedded[]> {
  const embeddings = new Map<Clip, Embedded>()
  for (const action of actions) {
    const outcome = await pieces.get({ kind: 'take', encoder: encoder.name, action })
    const clips = test.filter((clip) => actionOf(clip) === action)
    if ('took' in outcome) for (const [at, embedding] of outcome.whole.entries()) embeddings.set(clips[at]!, { clip: clips[at]!, embedding })
  }
  return test.map((clip) => embeddings.get(clip)!)
}

function unusedText(ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`${ids.length} of the given embeddings were not asked for by this evaluation: ${fewNames(ids)}`]
}
