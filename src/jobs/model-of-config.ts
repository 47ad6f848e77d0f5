import { ToolkitError } from '../errors.ts'
import { type Model, type ModelInputs, modelKind, models } from '../models/index.ts'
import type { Skeleton } from '../skeleton.ts'
import { carl, gta, gtcc, lav, type Loss, matchAndRegress, shuffleAndLearn, softMatch, tcc, tcn, vaot, vava, weightedSum } from '../train/index.ts'
import type { TrainConfig } from './train-config.ts'

/** A model, what of a clip reaches it, and what it is trained by. */
export type ConfiguredModel = { readonly model: Model; readonly inputs: ModelInputs; readonly loss: Loss }

/** What a name and a config stand for, for clips of a skeleton and views of at most `frames` frames; the model has what its loss learns, too. Throws E_MODEL_UNKNOWN, E_PROFILE_UNKNOWN, E_SETTING_VALUE. */
export function modelOfConfig(name: string, config: TrainConfig, context: { readonly skeleton: Skeleton; readonly frames: number }): ConfiguredModel {
  const { model, inputs } = modelKind(name).make(config, context)
  checkNumbered(model, config)
  const loss = lossOfConfig(config, model.widths.projection)
  return { model: { ...model, parameters: [...model.parameters, ...(loss.parameters ?? [])] }, inputs, loss }
}

/** Only numbers of frames can be squeezed for clips longer than those of the training. */
function checkNumbered({ name, config: { position } }: Model, { longClips }: TrainConfig): void {
  if (longClips !== 'rescaled' || ['index', 'rescaled', 'learned'].includes(String(position))) return
  const setting = name === 'casa' ? 'casa.position' : 'position'
  throw new ToolkitError('E_SETTING_VALUE', `--set longClips=rescaled: positions that are ${position} have no numbers to squeeze`, {
    hint: `--set ${setting}=index has; or let longClips be own-length, thinned or windows` })
}

/** Throws E_SETTING_UNKNOWN for `key=value` settings that only other models read. */
export function checkModelSettings(name: string, settings: readonly string[]): void {
  const own: readonly string[] = modelKind(name).settings
  for (const setting of settings) {
    const key = setting.slice(0, setting.indexOf('='))
    const readers = models.filter(({ settings }) => settings.some((one) => one === key.split('.')[0])).map((kind) => kind.name)
    if (readers.length === 0 || readers.includes(name)) continue
    throw new ToolkitError('E_SETTING_UNKNOWN', `--set ${setting}: ${name} has no setting "${key}", ${readers.length === 1 ? `${readers[0]} has` : `${readers.slice(0, -1).join(', ')} and ${readers.at(-1)} have`}`, { hint: `${name} reads ${own.join(', ')}, and what all trainings have` })
  }
}

/** Coordinates per joint of the clips that a training takes. Throws E_MODEL_UNKNOWN. */
export function clipDims(name: string, config: TrainConfig): 2 | 3 {
  return modelKind(name).dims(config)
}

/** The loss a config names, of projections of `width` numbers a frame. */
function lossOfConfig(config: TrainConfig, width: number): Loss {
  const { temperature, frames } = config
  const losses: Readonly<Record<Exclude<TrainConfig['loss'], 'tcc-sal-tcn'>, () => Loss>> = {
    'soft-match': () => softMatch({ temperature, window: frames, ...config.softMatch }),
    'match-and-regress': () => matchAndRegress({ temperature, ...config.matchAndRegress }),
    carl: () => carl({ temperature, ...config.carl }),
    lav: () => lav(config.lav),
    gta: () => gta({ temperature, ...config.gta }),
    gtcc: () => gtcc({ temperature, ...config.gtcc }, width),
    vaot: () => vaot({ temperature, ...config.vaot }),
    tcc: () => tcc({ temperature, ...config.tcc }),
    tcn: () => tcn(config.tcn),
    sal: () => shuffleAndLearn(config.sal, width),
    vava: () => vava(config.vava),
  }
  if (config.loss !== 'tcc-sal-tcn') return losses[config.loss]()
  const weights = { ...config.tccSalTcn, tcn: 1 - (config.tccSalTcn.tcc + config.tccSalTcn.sal) }
  return weightedSum((['tcc', 'sal', 'tcn'] as const).filter((name) => weights[name] > 0).map((name) => ({ weight: weights[name], loss: losses[name]() })))
}
