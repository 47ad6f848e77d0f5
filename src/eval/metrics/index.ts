import { TEMPERATURE } from '../alignment/align-frames.ts'
import { fitLogisticRegression } from '../classifiers/logistic-regression.ts'
import { fitSupportVectorMachine } from '../classifiers/support-vector-machine.ts'
import type { FitClassifier } from '../classifiers/classifier.ts'
import { unmeasured } from '../measured.ts'
import { phasesOf } from '../phases.ts'
import { correspondenceError } from './correspondence-error.ts'
import { eventTransferError } from './event-transfer-error.ts'
import { kendallTau } from './kendall-tau.ts'
import type { Metric, MetricInput, Taken } from './metric.ts'
import { phaseAccuracy } from './phase-accuracy.ts'
import { phaseProgression } from './phase-progression.ts'
import { recutCycleSkill } from './re-cut-cycle-skill.ts'
import { retrievalAt } from './retrieval.ts'

const VIEWS = 'drawn once per clip, keyed by its id'

/** Every metric, headlines first. */
export const metrics: readonly Metric[] = [
  {
    name: 're-cut-cycle-skill', title: 'Re-cut cycle skill', better: 'higher', headline: true, needs: 'nothing', source: 'docs/metrics.md',
    take: async ({ encoder, test, protocol: { seed } }) => [
      { metric: 're-cut-cycle-skill', card: 'views', settings: { views: VIEWS, seed, zero: 'the best constant answer' },
        measured: await recutCycleSkill(encoder, test, { seed }) },
    ],
  },
  {
    name: 'event-transfer-error', title: 'Event transfer error', better: 'lower', headline: true, needs: 'events', source: 'docs/metrics.md',
    take: async ({ encoder, test, protocol: { seed } }) => {
      const { error, correct } = await eventTransferError(encoder, test, { seed })
      const settings = { views: VIEWS, seed, cap: 1 }
      return [{ metric: 'event-transfer-error', card: 'views', settings, measured: error },
        { metric: 'event-transfer-correct', card: 'views', settings: { ...settings, below: 0.2 }, measured: correct }]
    },
  },
  {
    name: 'correspondence-error', title: 'Correspondence error', better: 'lower', headline: false, needs: 'phases', source: 'docs/metrics.md',
    take: takeCorrespondence,
  },
  {
    name: 'kendall-tau', title: "Kendall's tau", better: 'higher', headline: false, needs: 'nothing', source: 'Dwibedi et al., TCC, CVPR 2019',
    take: ({ sides, protocol }) => perCard(protocol, async (card) => [{
      metric: 'kendall-tau', settings: { stride: protocol.tauStride, tau: 'b', constant: 'pair dropped' },
      measured: kendallTau(await sides.test(card), { stride: protocol.tauStride }),
    }]),
  },
  {
    name: 'phase-accuracy', title: 'Phase accuracy, logistic regression', better: 'higher', headline: false, needs: 'phases',
    source: 'Chen et al., CARL, CVPR 2022',
    take: (input) => takeAccuracy(input,
      { name: 'phase-accuracy', classifier: 'logistic regression, L2, C = 1', fractions: input.protocol.fractions, fit: fitLogisticRegression }),
  },
  {
    name: 'phase-accuracy-svm', title: 'Phase accuracy, support vector machine', better: 'higher', headline: false, needs: 'phases',
    source: 'Dwibedi et al., TCC, CVPR 2019', onRequest: true,
    take: (input) => takeAccuracy(input, {
      name: 'phase-accuracy-svm', classifier: 'SVC, RBF, C = 1, gamma = 1 / (d var), one against one', fractions: input.protocol.fractions,
      fit: fitSupportVectorMachine,
    }),
  },
  {
    name: 'phase-progression', title: 'Phase progression (R2)', better: 'higher', headline: false, needs: 'phases', source: 'Dwibedi et al., TCC, CVPR 2019',
    take: ({ sides, protocol }) => perCard(protocol, async (card) => {
      const [train, test] = [await sides.labelledTrain(card), await sides.labelledTest(card)]
      const phases = 1 + Math.max(0, ...train.flatMap((item) => Array.from(item.phases)))
      const measured = phases < 2
        ? unmeasured(test.map(({ clip }) => clip), 'frames', 'fewer than two phases')
        : phaseProgression(train, test, { phases, missing: protocol.missingPhase })
      return [{ metric: 'phase-progression', settings: { phases, missing: protocol.missingPhase }, measured }]
    }),
  },
  {
    name: 'retrieval', title: 'Frame retrieval AP@K', better: 'higher', headline: false, needs: 'phases',
    source: 'Chen et al., CARL, CVPR 2022; VAOT, ICCV 2025',
    take: ({ sides, protocol: { retrieval, ...protocol } }) => perCard(protocol, async (card) => {
      const test = await sides.labelledTest(card)
      const found = test.length < 2 ? null : retrievalAt(test, retrieval)
      return retrieval.ks.flatMap((k) => (['clip', 'frame'] as const).map((average) => ({
        metric: `retrieval-${k}-${average}`, settings: { k, average: `over ${average}s`, stride: retrieval.stride, pool: 'all other recordings' },
        measured: found?.[k]![average] ?? unmeasured(test.map(({ clip }) => clip), 'frames', 'fewer than two labelled test clips'),
      })))
    }),
  },
]

async function takeCorrespondence({ encoder, test, protocol: { seed } }: MetricInput): Promise<Taken[]> {
  const phased = test.flatMap((clip) => {
    const found = phasesOf(clip)
    return found === null ? [] : [{ clip, phases: found.phases }]
  })
  const methods = ['nearest', 'warping', 'soft'] as const
  const taken = async (reversed: boolean): Promise<Taken[]> => (await correspondenceError(encoder, phased, { seed, methods, reversed })).flatMap(({ error, close }, index) => {
    const alignment = methods[index]!
    const settings = { alignment, reversed, ...(alignment === 'soft' ? { temperature: TEMPERATURE, unit: 'mean squared distance of the pair' } : {}), views: VIEWS, seed }
    const name = !reversed ? alignment : alignment === 'nearest' ? 'reversed' : `${alignment}-reversed`
    return [
      { metric: `correspondence-error-${name}`, card: 'views', settings, measured: error },
      { metric: `correspondence-close-${name}`, card: 'views', settings: { ...settings, within: 0.1 }, measured: close },
    ]
  })
  return [...await taken(false), ...await taken(true)]
}

async function takeAccuracy(
  { sides, protocol }: MetricInput,
  { name, classifier, fractions, fit }: { name: string; classifier: string; fractions: readonly number[]; fit: FitClassifier },
): Promise<Taken[]> {
  return perCard(protocol, async (card) => {
    const [train, test] = [await sides.labelledTrain(card), await sides.labelledTest(card)]
    return fractions.map((fraction) => ({
      metric: `${name}-${Math.round(fraction * 100)}`, settings: { classifier, fraction, labels: 'first training clips by id' },
      measured: phaseAccuracy(train, test, { fit, fraction }),
    }))
  })
}

async function perCard(
  protocol: Pick<MetricInput['protocol'], 'cards'>, take: (card: 'whole' | 'cut') => Promise<readonly Omit<Taken, 'card'>[]>,
): Promise<Taken[]> {
  const taken: Taken[] = []
  for (const card of protocol.cards) for (const one of await take(card)) taken.push({ ...one, card })
  return taken
}
