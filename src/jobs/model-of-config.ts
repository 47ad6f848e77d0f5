import { la2ds, la2dsDefaults, type Model, models, profileOf } from '../models/index.ts'
import { unknownName } from '../errors.ts'
import type { Skeleton } from '../skeleton.ts'
import { carl, gta, lav, type Loss, matchAndRegress, softMatch, vaot } from '../train/index.ts'
import type { HeatmapSpec } from '../transforms/index.ts'
import type { TrainConfig } from './train-config.ts'

/** What a model eats and what it is, for clips of a skeleton and views of at most `frames` frames. Throws E_MODEL_UNKNOWN, E_PROFILE_UNKNOWN. */
export function modelOfConfig(name: string, config: TrainConfig, { skeleton, frames }: { skeleton: Skeleton; frames: number }): {
  model: Model; heatmaps: HeatmapSpec & { readonly patch: number }
} {
  if (name !== 'la2ds') throw unknownName('E_MODEL_UNKNOWN', 'model', name, models.map((model) => model.name))
  const { size, patch, sigma, ...sizes } = profileOf(config.profile)
  const { channels, embedding, readout, position, init, spatialDeviation } = config
  const drawn = (channels === 'limb' ? 0 : skeleton.joints.length) + (channels === 'joint' ? 0 : skeleton.edges.length)
  return {
    heatmaps: { skeleton, channels, size, sigma, patch },
    model: la2ds({
      ...la2dsDefaults, ...sizes, tokens: (size / patch) ** 2, patchInputs: drawn * patch ** 2, embedding, readout, position, positionLength: frames, init,
      spatialDeviation,
    }, config.inputs === 'patches' ? null : { joints: skeleton.joints.length, edges: skeleton.edges, channels, size, sigma, patch, persons: config.persons }),
  }
}

/** The loss a config names. */
export function lossOfConfig(config: TrainConfig): Loss {
  const { temperature, frames } = config
  const losses: Readonly<Record<TrainConfig['loss'], () => Loss>> = {
    'soft-match': () => softMatch({ temperature, window: frames, ...config.softMatch }),
    'match-and-regress': () => matchAndRegress({ temperature, ...config.matchAndRegress }),
    carl: () => carl({ temperature, ...config.carl }),
    lav: () => lav(config.lav),
    gta: () => gta({ temperature, ...config.gta }),
    vaot: () => vaot({ temperature, ...config.vaot }),
  }
  return losses[config.loss]()
}
