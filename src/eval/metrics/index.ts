import { TEMPERATURE } from '../alignment/align-frames.ts'
import type { FitClassifier } from '../classifiers/classifier.ts'
import { fitLogisticRegression } from '../classifiers/logistic-regression.ts'
import { fitSupportVectorMachine } from '../classifiers/support-vector-machine.ts'
import type { Card } from '../cut-card.ts'
import type { EmbeddedSides } from '../embedded-sides.ts'
import { unmeasured } from '../measured.ts'
import { phasesOf } from '../phases.ts'
import type { Distance, Others, TrainedOn } from '../protocols/protocol.ts'
import { correspondenceError, correspondenceWindows } from './correspondence-error.ts'
import { eventTransferError } from './event-transfer-error.ts'
import { kendallTau } from './kendall-tau.ts'
import type { Metric, MetricInput, Settings, Taken } from './metric.ts'
import { phaseAccuracy } from './phase-accuracy.ts'
import { phaseProgression } from './phase-progression.ts'
import { recutCycleSkill } from './re-cut-cycle-skill.ts'
import { retrievalAt } from './retrieval.ts'

const VIEWS = 'drawn once per clip, keyed by its id'

/** Every metric, headlines first. */
export const metrics: readonly Metric[] = [
  {
    name: 're-cut-cycle-skill', title: 'Re-cut cycle skill', better: 'higher', headline: true, needs: 'nothing', source: 'docs/metrics.md', shows: 'views',
    take: async ({ encoder, test, protocol: { seed } }) => [
      { metric: 're-cut-cycle-skill', settings: { views: VIEWS, seed, zero: 'the best constant answer' }, measured: await recutCycleSkill(encoder, test, { seed }) },
    ],
  },
  {
    name: 'event-transfer-error', title: 'Event transfer error', better: 'lower', headline: true, needs: 'events', source: 'docs/metrics.md', shows: 'views',
    take: async ({ encoder, test, protocol: { seed } }) => {
      const { error, correct } = await eventTransferError(encoder, test, { seed })
      const settings = { views: VIEWS, seed, cap: 1 }
      return [{ metric: 'event-transfer-error', settings, measured: error }, { metric: 'event-transfer-correct', settings: { ...settings, below: 0.2 }, measured: correct }]
    },
  },
  {
    name: 'correspondence-error', title: 'Correspondence error', better: 'lower', headline: false, needs: 'phases', source: 'docs/metrics.md', shows: 'views',
    take: takeCorrespondence,
  },
  {
    name: 'kendall-tau', title: "Kendall's tau", better: 'higher', headline: false, needs: 'nothing', source: 'Dwibedi et al., TCC, CVPR 2019', shows: 'cards',
    take: async ({ sides, card, protocol: { tau } }) => [{
      metric: 'kendall-tau', measured: kendallTau(await sides.test(card), tau),
      settings: { ...distanceSettings(tau.distance), pairs: pairsSetting(tau.pairs), stride: tau.stride, tau: 'b',
        constant: tau.constant === 'drop' ? 'pair dropped' : 'no value' },
    }],
  },
  {
    name: 'phase-accuracy', title: 'Phase accuracy, logistic regression', better: 'higher', headline: false, needs: 'phases',
    source: 'Chen et al., CARL, CVPR 2022', shows: 'cards',
    take: (input) => takeAccuracy(input, { name: 'phase-accuracy', classifier: 'logistic regression, L2, C = 1', fit: fitLogisticRegression }),
  },
  {
    name: 'phase-accuracy-svm', title: 'Phase accuracy, support vector machine', better: 'higher', headline: false, needs: 'phases',
    source: 'Dwibedi et al., TCC, CVPR 2019', onRequest: true, shows: 'cards',
    take: (input) => takeAccuracy(input, {
      name: 'phase-accuracy-svm', classifier: 'SVC, RBF, C = 1, gamma = 1 / (d var), one against one', fit: fitSupportVectorMachine }),
  },
  {
    name: 'phase-progression', title: 'Phase progression (R2)', better: 'higher', headline: false, needs: 'phases', source: 'Dwibedi et al., TCC, CVPR 2019',
    shows: 'cards',
    take: async ({ sides, card, protocol: { progression: { trainedOn, missing, columns } } }) => {
      const [train, test] = [await learntFrom(sides, card, trainedOn), await sides.labelledTest(card)]
      const phases = 1 + Math.max(0, ...train.flatMap((item) => Array.from(item.phases)))
      const measured = phases < 2
        ? unmeasured(test.map(({ clip }) => clip), 'frames', 'fewer than two phases')
        : phaseProgression(train, test, { phases, missing, columns })
      return [{ metric: `phase-progression${suffixOf(trainedOn)}`, settings: { phases, missing, columns, ...trainedSettings(trainedOn) }, measured }]
    },
  },
  {
    name: 'retrieval', title: 'Frame retrieval AP@K', better: 'higher', headline: false, needs: 'phases',
    source: 'Chen et al., CARL, CVPR 2022; VAOT, ICCV 2025', shows: 'cards',
    take: async ({ sides, card, protocol: { retrieval } }) => {
      const test = await sides.labelledTest(card)
      const { stride, distance, pool, score, ks, averages } = retrieval
      const found = test.length < 2 ? null : retrievalAt(test, retrieval)
      const name = `retrieval${pool === 'own clip' ? '-in-clip' : ''}${score === 'average precision' ? '-average-precision' : ''}`
      return ks.flatMap((k) => averages.map((average) => ({
        metric: `${name}-${k}-${average}`,
        settings: { ...distanceSettings(distance), k, average: `over ${average}s`, stride, score, pool: pool === 'own clip' ? 'the same clip, query included' : `all ${pool}` },
        measured: found?.[k]![average] ?? unmeasured(test.map(({ clip }) => clip), 'frames', 'fewer than two labelled test clips'),
      })))
    },
  },
]

async function takeCorrespondence({ encoder, test, protocol: { seed } }: MetricInput): Promise<Taken[]> {
  const phased = test.flatMap((clip) => {
    const found = phasesOf(clip)
    return found === null ? [] : [{ clip, phases: found.phases }]
  })
  const [methods, windows] = [['nearest', 'warping', 'soft'] as const, correspondenceWindows(phased, seed)]
  const taken = async (reversed: boolean): Promise<Taken[]> => (await correspondenceError(encoder, phased, { seed, methods, reversed, windows })).flatMap(({ error, close }, index) => {
    const alignment = methods[index]!
    const settings = { alignment, reversed, ...(alignment === 'soft' ? { temperature: TEMPERATURE, unit: 'mean squared distance of the pair' } : {}), views: VIEWS, seed }
    const name = !reversed ? alignment : alignment === 'nearest' ? 'reversed' : `${alignment}-reversed`
    return [
      { metric: `correspondence-error-${name}`, settings, measured: error },
      { metric: `correspondence-close-${name}`, settings: { ...settings, within: 0.1 }, measured: close },
    ]
  })
  return [...await taken(false), ...await taken(true)]
}

async function takeAccuracy(
  { sides, card, protocol: { seed, classification: { trainedOn, fractions, labels, features } } }: MetricInput & { readonly card: Card },
  { name, classifier, fit }: { name: string; classifier: string; fit: FitClassifier },
): Promise<Taken[]> {
  const [train, test] = [await learntFrom(sides, card, trainedOn), await sides.labelledTest(card)]
  const clips = trainedOn === 'train' ? 'training clips' : 'test clips'
  return fractions.map((fraction) => ({
    metric: `${name}${suffixOf(trainedOn)}-${Math.round(fraction * 100)}`, measured: phaseAccuracy(train, test, { fit, fraction, labels, features, seed }),
    settings: { classifier, fraction, labels: labels === 'first clips' ? `first ${clips} by id` : `random frames of all ${clips}`, features, ...trainedSettings(trainedOn) },
  }))
}

function learntFrom(sides: EmbeddedSides, card: Card, trainedOn: TrainedOn) {
  return trainedOn === 'train' ? sides.labelledTrain(card) : sides.labelledTest(card)
}

/** What was learnt from the very frames it is tested on says so in its name. */
function suffixOf(trainedOn: TrainedOn): string {
  return trainedOn === 'train' ? '' : '-trained-on-test'
}

function trainedSettings(trainedOn: TrainedOn): Settings {
  return { trainedOn: trainedOn === 'train' ? 'train side' : 'TEST SIDE ITSELF' }
}

function distanceSettings(distance: Distance): Settings {
  return { distance: `${distance}, float64` }
}

function pairsSetting(pairs: Others): string {
  return `ordered, one action, different ${pairs === 'other recordings' ? 'recordings' : 'clips'}`
}
