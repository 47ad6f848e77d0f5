import { entryOf, readCatalog } from '../catalog.ts'
import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import { baselines } from '../eval/baselines/index.ts'
import { corrupted } from '../eval/corrupted.ts'
import { corruptionText, parseCorruption } from '../eval/corruptions/index.ts'
import { embed } from '../eval/measured.ts'
import { metrics as allMetrics } from '../eval/metrics/index.ts'
import type { Taken } from '../eval/metrics/metric.ts'
import { type Probed, probeEncoder } from '../eval/probes/probe-encoder.ts'
import { type Protocol, protocolOf } from '../eval/protocol.ts'
import { remembering } from '../eval/remembering.ts'
import { chooseMetrics, takeMetrics, type Took } from '../eval/take-metrics.ts'
import { bare } from '../eval/views.ts'
import type { Tensor } from '../tensor.ts'
import type { ThreadFailure } from '../thread-failure.ts'
import type { EvalRequest } from './eval-request.ts'
import type { OpenEncoders } from './open-encoders.ts'

/** A piece of an evaluation that needs none of the others: an encoder, by its name, on the clips of an action, or its probes. */
export type EvalTask = { readonly kind: 'take'; readonly encoder: string; readonly action: string } | { readonly kind: 'probe'; readonly encoder: string }

/** What a piece gives, as plain data. `whole`: what the run's own encoder makes of the test clips of the action, where that is kept. */
export type EvalOutcome = { readonly took: readonly PlainTook[]; readonly whole: readonly Tensor[] } | { readonly probed: Probed; readonly lacking: string | null }

/** A measure taken, its metric by name. */
type PlainTook = { readonly metric: string; readonly card: Took['card']; readonly taken: Taken }

/** The clips that an evaluation stands on. */
export type EvalSides = { readonly train: readonly Clip[]; readonly test: readonly Clip[] }

/** What a thread of an evaluation is given when it starts. */
export type EvalThread = { readonly request: EvalRequest; readonly sides: EvalSides }

/** What it answers: what a piece gives, or why it could not be done. */
export type EvalAnswer = EvalOutcome | { readonly failure: ThreadFailure }

/** The protocol of a request, under the name that its measures have. */
export function protocolAsked({ protocol = 'primary', corrupt }: Pick<EvalRequest, 'protocol' | 'corrupt'>): Protocol {
  const corruption = corrupt === undefined ? null : parseCorruption(corrupt)
  const named = protocolOf(protocol)
  return corruption === null ? named : { ...named, name: `${named.name}+${corruptionText(corruption)}` }
}

/** The action of a clip, or what stands for none. */
export const actionOf = ({ labels }: Clip): string => labels.action ?? 'none'

/** Does pieces of an evaluation in this thread, each with the same outcome whatever was done before. Throws E_METRIC_UNKNOWN, E_METRIC_PROTOCOL at once. */
export async function evalWork(
  { encoder, others, record }: Pick<OpenEncoders, 'encoder' | 'others' | 'record'>, request: EvalRequest, { train, test }: EvalSides,
): Promise<(task: EvalTask) => Promise<EvalOutcome>> {
  const protocol = protocolAsked(request)
  const chosen = chooseMetrics(request.metrics, protocol)
  const { skeletons } = entryOf(await readCatalog(request.catalogFiles ?? []), record.dataset)
  const corruption = request.corrupt === undefined ? null : parseCorruption(request.corrupt)
  const opened = [encoder, ...others].map(remembering)
  const named = (name: string, action: string): Encoder => (
    opened.find((one) => one.name === name) ?? baselines.find((floor) => floor.name === name)!.make({ action, seed: protocol.seed }))
  const take = async (one: Encoder, action: string): Promise<EvalOutcome> => {
    const [learnt, tested] = [train, test].map((clips) => clips.filter((clip) => actionOf(clip) === action)) as [Clip[], Clip[]]
    const shown = corruption === null ? one : corrupted(one, corruption, { ...protocol, skeletons })
    const took = await takeMetrics(shown, chosen, { train: learnt, test: tested, protocol })
    return {
      took: took.map(({ metric: { name }, card, taken }) => ({ metric: name, card, taken })),
      whole: one.name === encoder.name && corruption === null ? await embed(one, tested.map((clip) => bare(clip).clip)) : [],
    }
  }
  return async (task) => {
    if (task.kind === 'take') return take(named(task.encoder, task.action), task.action)
    const one = named(task.encoder, '')
    return { probed: await probeEncoder(one, test, protocol), lacking: one.lacking?.() ?? null }
  }
}

/** What metrics found, as `takeMetrics` answers it. */
export function tookOf(outcome: EvalOutcome): Took[] {
  return 'took' in outcome ? outcome.took.map(({ metric, ...rest }) => ({ ...rest, metric: allMetrics.find(({ name }) => name === metric)! })) : []
}
