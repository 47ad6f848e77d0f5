import { la2ds, la2dsDefaults, type Model, models, profileOf } from '../models/index.ts'
import { unknownName } from '../errors.ts'
import type { Skeleton } from '../skeleton.ts'
import { carl, gta, lav, type Loss, matchAndRegress, shuffleAndLearn, softMatch, tcc, tcn, vaot, vava, weightedSum } from '../train/index.ts'
import type { HeatmapSpec } from '../transforms/index.ts'
import type { TrainConfig } from './train-config.ts'

/** What a model eats and what it is, for clips of a skeleton and views of at most `frames` frames; it has what its loss learns, too. Throws E_MODEL_UNKNOWN, E_PROFILE_UNKNOWN. */
export function modelOfConfig(name: string, config: TrainConfig, { skeleton, frames }: { skeleton: Skeleton; frames: number }): {
  model: Model; heatmaps: HeatmapSpec & { readonly patch: number }
} {
  if (name !== 'la2ds') throw unknownName('E_MODEL_UNKNOWN', 'model', name, models.map((model) => model.name))
  const { size, patch, sigma, ...sizes } = profileOf(config.profile)
  const { channels, embedding, readout, position, init, spatialDeviation } = config
  const drawn = (channels === 'limb' ? 0 : skeleton.joints.length) + (channels === 'joint' ? 0 : skeleton.edges.length)
  const model = la2ds({
    ...la2dsDefaults, ...sizes, tokens: (size / patch) ** 2, patchInputs: drawn * patch ** 2, embedding, readout, position, positionLength: frames, init,
    spatialDeviation,
  }, config.inputs === 'patches' ? null : { joints: skeleton.joints.length, edges: skeleton.edges, channels, size, sigma, patch, persons: config.persons })
  return {
    heatmaps: { skeleton, channels, size, sigma, patch },
    model: { ...model, parameters: [...model.parameters, ...(lossOfConfig(config).parameters ?? [])] },
  }
}

/** The loss a config names. */
export function lossOfConfig(config: TrainConfig): Loss {
  const { temperature, frames, embedding } = config
  const losses: Readonly<Record<Exclude<TrainConfig['loss'], 'tcc-sal-tcn'>, () => Loss>> = {
    'soft-match': () => softMatch({ temperature, window: frames, ...config.softMatch }),
    'match-and-regress': () => matchAndRegress({ temperature, ...config.matchAndRegress }),
    carl: () => carl({ temperature, ...config.carl }),
    lav: () => lav(config.lav),
    gta: () => gta({ temperature, ...config.gta }),
    vaot: () => vaot({ temperature, ...config.vaot }),
    tcc: () => tcc({ temperature, ...config.tcc }),
    tcn: () => tcn(config.tcn),
    sal: () => shuffleAndLearn(config.sal, embedding),
    vava: () => vava(config.vava),
  }
  if (config.loss !== 'tcc-sal-tcn') return losses[config.loss]()
  const weights = { ...config.tccSalTcn, tcn: 1 - (config.tccSalTcn.tcc + config.tccSalTcn.sal) }
  return weightedSum((['tcc', 'sal', 'tcn'] as const).filter((name) => weights[name] > 0).map((name) => ({ weight: weights[name], loss: losses[name]() })))
}
