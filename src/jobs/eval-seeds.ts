import { ToolkitError } from '../errors.ts'
import { baselines } from '../eval/baselines/index.ts'
import { evaluate, type Evaluation } from '../eval/evaluate.ts'
import { metrics as allMetrics } from '../eval/metrics/index.ts'
import { protocolOf } from '../eval/protocol.ts'
import type { RunRecord } from '../train/index.ts'
import type { EvalRequest } from './eval-request.ts'
import { readSides } from './eval-sides.ts'
import { openEncoders } from './open-encoders.ts'

/** What runs that differ in their seed alone have alike. */
export function trainingOf({ model, dataset, split, root, action, config, plan, init }: RunRecord): string {
  return JSON.stringify([model, dataset, split.hash, root, action, config, plan, init])
}

/**
 * Several runs that differ in their seed as one: measures are means over them, intervals draw recordings and seeds, differences from the floors are paired on
 * the same draws.
 * The headline metrics unless others are named; of the runs' one action. Nothing is written. Throws E_SEEDS when the runs differ in more than their seed.
 */
export async function evalSeedsJob({ runs, protocol = 'primary', metrics = allMetrics.filter(({ headline }) => headline).map(({ name }) => name),
  ...request }: {
  runs: readonly string[]
} & Pick<EvalRequest, 'storeDir' | 'runsDir' | 'protocol' | 'metrics' | 'catalogFiles' | 'threads'>): Promise<Evaluation> {
  const opened: Awaited<ReturnType<typeof openEncoders>>[] = []
  try {
    for (const run of runs) opened.push(await openEncoders({ ...request, run }))
    const [first, ...rest] = opened
    if (first === undefined) throw new ToolkitError('E_SEEDS', 'no run to take the mean of')
    const other = rest.find((one) => trainingOf(one.record) !== trainingOf(first.record))
    if (other !== undefined || first.record.action === null) {
      throw new ToolkitError('E_SEEDS',
        other === undefined ? `run ${first.record.run} is of all actions, a mean over seeds is of one` : `runs ${first.record.run} and ${other.record.run} differ in more than their seed`)
    }
    const action = first.record.action
    const named = protocolOf(protocol)
    return await evaluate({
      encoder: first.encoder, seeds: rest.map(({ encoder }) => encoder),
      baselines: [...baselines.map(({ make }) => make({ action, seed: named.seed })), ...first.others],
      ...await readSides(request, first.record), action, protocol: named, metrics,
    })
  } finally {
    for (const { open } of opened) for (const one of open) await one.close()
  }
}
