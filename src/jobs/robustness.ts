import { join } from 'node:path'
import { entryOf, readCatalog } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import { coordinates } from '../eval/baselines/coordinates.ts'
import { coordinatesVelocity } from '../eval/baselines/coordinates-velocity.ts'
import { corruptionKind, corruptions } from '../eval/corruptions/index.ts'
import type { ModelEncoder } from '../eval/embed.ts'
import { metrics as allMetrics } from '../eval/metrics/index.ts'
import { protocolOf } from '../eval/protocol.ts'
import { writeCurves } from '../eval/robustness/curve-table.ts'
import { type CurvePoint, robustnessCurves } from '../eval/robustness/curves.ts'
import { chooseMetrics } from '../eval/take-metrics.ts'
import { readRun, type RunRecord } from '../train/index.ts'
import type { EvalRequest } from './eval-request.ts'
import { leftOutText, readSides } from './eval-sides.ts'
import { runEncoder } from './run-encoder.ts'

/** What `posetta robustness` asks for. */
export type RobustnessRequest = Omit<EvalRequest, 'baseline' | 'corrupt'> & {
  /** Names of kinds of corruption; left out = all. */
  readonly kinds?: readonly string[]
  /** Runs to stand beside it, trained on the same split; one that is named twice stands there once. */
  readonly baselines?: readonly string[]
}

/** `warnings`: clips that the run's model does not take. */
export type RobustnessResult = { readonly run: string; readonly points: readonly CurvePoint[]; readonly files: readonly string[]; readonly warnings: readonly string[] }

/**
 * Measures a run, other runs, and the floors that see joints on test clips that are corrupted more and more, and keeps `robustness.parquet` in the run's folder. The
 * headline metrics unless others are named. Throws E_CORRUPTION, E_ROBUSTNESS for a run of another split, data root or action, and what `evalJob` throws.
 */
export async function robustnessJob({ kinds, baselines = [], metrics = allMetrics.filter(({ headline }) => headline).map(({ name }) => name), ...request }: RobustnessRequest,
  effects: { onLevel?: (done: { action: string; encoder: string; kind: string; level: number }) => void } = {}): Promise<RobustnessResult> {
  const chosenKinds = kinds === undefined ? corruptions : [...new Set(kinds)].map(corruptionKind)
  const protocol = protocolOf(request.protocol ?? 'primary')
  const chosen = chooseMetrics(metrics, protocol)
  const open: { encoder: ModelEncoder; record: RunRecord }[] = []
  try {
    const named = new Set((await Promise.all(baselines.map((run) => readRun(request.runsDir, run)))).map(({ run }) => run))
    for (const run of [request.run, ...named]) open.push(await runEncoder({ ...request, run }))
    const [own, ...rivals] = open as [typeof open[0], ...typeof open]
    for (const { record } of rivals) checkAlike(own.record, record)
    const { train, test, leftOut } = await readSides(request, own.record)
    const { skeletons } = entryOf(await readCatalog(request.catalogFiles ?? []), own.record.dataset)
    const actions = [...new Set(test.map(({ labels }) => labels.action ?? 'none'))].sort()
    const sides = actions.map((action) => ({ action, train: train.filter(({ labels }) => (labels.action ?? 'none') === action), test: test.filter(({ labels }) => (labels.action ?? 'none') === action) }))
    const points = await robustnessCurves(sides, {
      encoders: [own.encoder, ...rivals.map(({ encoder, record }) => ({ ...encoder, name: `baseline/${record.run}` })), coordinates, coordinatesVelocity],
      kinds: chosenKinds, metrics: chosen, protocol, skeletons, ...effects,
    })
    return { run: own.record.run, points, files: [await writeCurves(join(request.runsDir, own.record.run), own.record.run, points)], warnings: leftOutText(leftOut) }
  } finally {
    for (const { encoder } of open) await encoder.close()
  }
}

/** Another run saw the same clips in training, so that it can stand on the same test side. */
function checkAlike(own: RunRecord, other: RunRecord): void {
  const of = ({ dataset, split, root, action }: RunRecord) => [dataset, split.hash, root, action].join()
  if (of(own) !== of(other)) throw new ToolkitError('E_ROBUSTNESS', `run ${other.run} was trained on another split, version of the data or action than ${own.run}`, { hint: 'name runs of one data set, version, split and action' })
}
