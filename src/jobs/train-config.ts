import { ToolkitError, unknownName } from '../errors.ts'
import type { LongClips } from '../eval/long-clips.ts'
import { type Augmentation, cutOnly, full } from '../transforms/index.ts'
import { casaDefaults, coords2dDefaults, jointTokensDefaults, la2dsDefaults, type ModelSettings, pictureDefaults, sizesOf } from '../models/index.ts'
import { type CarlOptions, type GtaOptions, type GtccOptions, isGiven, type LavOptions, type MatchAndRegressOptions, type ShuffleAndLearnOptions, type TccOptions, type TcnOptions, type VaotOptions, type VavaOptions } from '../train/index.ts'

/** Every option of a training. Runs keep the whole object in `run.json`; `--set key=value` changes one, nested ones with dots: `second.cut=0.2`. */
export type TrainConfig = ModelSettings & {
  /** Most frames of a view; longer clips are thinned to it. */
  readonly frames: number
  readonly rgb: {
    /** px of the short side that recorded frames are made small to, once, for training and embedding alike; 0 = they are read as they are. */
    readonly short: number
    /** Most that the colours of a view change in training, drawn once per view: see `Colouring`. */
    readonly brightness: number
    readonly contrast: number
    readonly saturation: number
  }
  readonly loss: 'soft-match' | 'match-and-regress' | 'carl' | 'lav' | 'gta' | 'gtcc' | 'vaot' | 'tcc' | 'tcn' | 'sal' | 'tcc-sal-tcn' | 'vava'
  readonly temperature: number
  readonly softMatch: {
    readonly variance: number; readonly unit: 'frames' | 'window-frames' | 'length'; readonly floor: number; readonly outside: 'left-out' | 'matched'
  }
  readonly matchAndRegress: Omit<MatchAndRegressOptions, 'temperature'>
  readonly carl: Omit<CarlOptions, 'temperature'>
  readonly lav: LavOptions
  readonly gta: Omit<GtaOptions, 'temperature'>
  readonly gtcc: Omit<GtccOptions, 'temperature'>
  readonly vaot: Omit<VaotOptions, 'temperature'>
  readonly tcc: Omit<TccOptions, 'temperature'>
  readonly tcn: TcnOptions
  readonly sal: ShuffleAndLearnOptions
  /** Weights of two of the losses that `tcc-sal-tcn` adds up; the third, TCN, has the rest of 1. One of weight 0 is left out. */
  readonly tccSalTcn: { readonly tcc: number; readonly sal: number }
  readonly vava: VavaOptions
  /** Clips per step, two views each. */
  readonly batch: number
  readonly epochs: number
  /** Parts of equally many clips that a step is computed in, one after the other: its gradient is the same, its memory a share. */
  readonly accumulate: number
  readonly schedule: 'one-cycle' | 'cosine' | 'linear' | 'constant' | 'plateau'
  readonly learningRate: number
  /** Share of the steps in which the learning rate rises. */
  readonly warmUp: number
  readonly weightDecay: number
  readonly beta1: number
  readonly beta2: number
  /** What `plateau` does: after more than `patience` epochs without a lower mean loss the learning rate falls by `factor`, down to `least`. */
  readonly plateau: { readonly factor: number; readonly patience: number; readonly least: number }
  /** `norm`: gradients longer than `clip` are shortened to it; `value`: their numbers are cut to -clip .. clip. */
  readonly clipBy: 'norm' | 'value' | 'none'
  readonly clip: number
  /** The moving average of the parameters, which is then what validation, `eval` and exports use; `after` so many steps. `equal` weighs all steps alike. */
  readonly average: { readonly kind: 'none' | 'exponential' | 'equal'; readonly decay: number; readonly after: number }
  /** What is stored between products; parameters and their update are float32. */
  readonly precision: 'float32' | 'float16'
  /** The loss is multiplied by it; 0 = by none, and in float16 by 65,536. It halves where a gradient overflows, and doubles after `every` steps without. */
  readonly lossScale: { readonly start: number; readonly every: number }
  /** Share of the train side's recordings that are kept for validation; 0 = none, and the last parameters are the result. */
  readonly validation: number
  /** Draws of cuts whose mean a validation is: of few clips one draw is chance for the most part. */
  readonly validationDraws: number
  /** Epochs between validations. */
  readonly validateEvery: number
  /** Validations without a better value after which training ends; 0 = never. */
  readonly patience: number
  /** Epochs between checkpoints. */
  readonly checkpointEvery: number
  /** How clips longer than the training's views are embedded. */
  readonly longClips: LongClips
  /** A training view's first frame is numbered 0 .. latestStart; 0 = always 0. */
  readonly latestStart: number
  /** Where the steps of the two views come from: `own` = `first` and `second`; else a preset of two views, which `padding`, `first` and `second` do not touch. */
  readonly augmentation: string
  readonly first: Augmentation
  readonly second: Augmentation
}

/** The defaults, in one place. */
export const trainDefaults: TrainConfig = {
  profile: 'small', heatmap: { size: 'profile', sigma: 'profile' }, patch: 'profile', width: 'profile', heads: 'profile', spatialLayers: 'profile', temporalLayers: 'profile', mlp: la2dsDefaults.mlp,
  channels: 'both', limbs: 'skeleton', inputs: 'patches', persons: 1, frames: 64, padding: 0.25, absentConfidence: 0,
  embedding: la2dsDefaults.embedding, readout: la2dsDefaults.readout, position: la2dsDefaults.position, rotaryBase: la2dsDefaults.rotaryBase, positionKernel: la2dsDefaults.positionKernel,
  init: la2dsDefaults.init, spatialPosition: la2dsDefaults.spatialPosition, spatialDeviation: la2dsDefaults.spatialDeviation,
  rgb: { ...pictureDefaults, short: 96, brightness: 32 / 255, contrast: 0.5, saturation: 0.5 }, fusion: { level: 'mid' },
  casa: casaDefaults, coords2d: coords2dDefaults, jointTokens: jointTokensDefaults,
  loss: 'soft-match', temperature: 0.1,
  softMatch: { variance: 4, unit: 'window-frames', floor: 0, outside: 'left-out' },
  matchAndRegress: { similarity: 'cosine', direction: 'both', time: 'length', variant: 'regression', varianceWeight: 1e-5, pads: 'hidden' },
  carl: { variance: 10, floor: 1e-6 },
  lav: { gamma: 0.1, warping: 'plain', alpha: 0.5, margin: 2, window: 10, weights: 'length', divisor: 20 },
  gta: { gamma: 0.1, relaxation: 'mean', weight: 0.1, cycle: 'logits', smoothing: 0.1 },
  gtcc: { pairs: 'views', frames: 20, components: 5, steps: 16, window: 0.5, gamma: 1, varianceWeight: 0 },
  vaot: { rho: 0.35, zeta: 0.5, alpha: 0.3, epsilon: 0.07, radius: 0.02, steps: 25, sinkhorn: 1, structure: 'as-released', step: 'as-released' },
  tcc: {
    variant: 'regression-mse-var', similarity: 'squared-distance', pairs: 'views', frames: 20, time: 'length', varianceWeight: 0.001, huberDelta: 0.1, smoothing: 0.1, target: 'own',
  },
  tcn: { frames: 20, window: 5, regularisation: 0.002 },
  sal: { triples: 8, shuffled: 0.75, reversal: 'batch' },
  tccSalTcn: { tcc: 0.33, sal: 0.33 },
  vava: { iterations: 20, lambda1: 1, lambda2: 0.1, virtualDistance: 5, zeta: 0.5, delta: 2, phi: 0.999, falling: 'with-steps', margin: 2, window: 15, intra: 0.5, inter: 1e-4, temperature: 0.5 },
  batch: 16, epochs: 160, accumulate: 1, schedule: 'cosine', learningRate: 2e-3, warmUp: 0.1, weightDecay: 1e-5, beta1: 0.9, beta2: 0.999,
  plateau: { factor: 0.1, patience: 10, least: 0 }, clipBy: 'norm', clip: 1, average: { kind: 'exponential', decay: 0.99, after: 0 }, precision: 'float32', lossScale: { start: 0, every: 2000 },
  validation: 0.2, validationDraws: 4, validateEvery: 5, patience: 0, checkpointEvery: 5, longClips: 'thinned', latestStart: 32,
  augmentation: 'own', first: cutOnly, second: full,
}

/** Texts an option may be. */
const choices: Readonly<Record<string, readonly string[]>> = {
  channels: ['joint', 'limb', 'both'],
  inputs: ['patches', 'points'],
  readout: ['class-token', 'token-mean'],
  position: ['none', 'index', 'rescaled', 'learned', 'relative', 'rotary', 'convolution'],
  spatialPosition: ['learned', 'sinusoidal', 'none'],
  init: ['xavier', 'fan-in'],
  'rgb.norm': ['group', 'batch'],
  'rgb.pool': ['max', 'mean'],
  'fusion.level': ['early', 'mid', 'late'],
  'casa.padding': ['masked', 'attended'],
  'casa.position': ['none', 'index', 'rescaled'],
  'casa.absent': ['interpolated', 'zero'],
  'coords2d.absent': ['interpolated', 'zero'],
  loss: ['soft-match', 'match-and-regress', 'carl', 'lav', 'gta', 'gtcc', 'vaot', 'tcc', 'tcn', 'sal', 'tcc-sal-tcn', 'vava'],
  'softMatch.unit': ['frames', 'window-frames', 'length'],
  'softMatch.outside': ['left-out', 'matched'],
  'matchAndRegress.similarity': ['cosine', 'distance'],
  'matchAndRegress.direction': ['second-to-first', 'both'],
  'matchAndRegress.time': ['frames', 'length'],
  'matchAndRegress.variant': ['regression', 'regression-var'],
  'matchAndRegress.pads': ['hidden', 'matched'],
  'lav.warping': ['plain', 'normalised'],
  'lav.weights': ['length', 'frames'],
  'gta.relaxation': ['mean', 'minimum'],
  'gta.cycle': ['logits', 'shares', 'none'],
  'gtcc.pairs': ['views', 'batch'],
  'vaot.structure': ['as-released', 'at-least-one'],
  'vaot.step': ['as-released', 'mirror'],
  'tcc.variant': ['regression-mse-var', 'regression-mse', 'regression-huber', 'classification'],
  'tcc.similarity': ['squared-distance', 'dot-product'],
  'tcc.pairs': ['views', 'batch'],
  'tcc.time': ['length', 'frames'],
  'tcc.target': ['own', 'smoothed'],
  'sal.reversal': ['batch', 'triple'],
  'vava.falling': ['with-steps', 'never'],
  schedule: ['one-cycle', 'cosine', 'linear', 'constant', 'plateau'],
  clipBy: ['norm', 'value', 'none'],
  'average.kind': ['none', 'exponential', 'equal'],
  precision: ['float32', 'float16'],
  longClips: ['own-length', 'rescaled', 'thinned', 'windows'],
  augmentation: ['own', 'la2ds', 'casa', 'casa-ikea', 'carl'],
}

/** Options that count something and so are whole, with their least value. */
const whole: Readonly<Record<string, number>> = {
  'heatmap.size': 1, patch: 1, width: 1, heads: 1, spatialLayers: 1, temporalLayers: 0, mlp: 1, positionKernel: 1, persons: 1, frames: 2, embedding: 1, 'rgb.size': 8, 'rgb.short': 0, batch: 1, epochs: 1, validationDraws: 1, validateEvery: 1, patience: 0, checkpointEvery: 1, latestStart: 0,
  'casa.layers': 1, 'casa.heads': 0, 'casa.dims': 2, 'coords2d.layers': 1, 'coords2d.width': 0, 'jointTokens.layers': 0, 'jointTokens.width': 0,
  'tcc.frames': 0, 'tcn.frames': 0, 'tcn.window': 1, 'sal.triples': 1, accumulate: 1, 'plateau.patience': 0, 'average.after': 0, 'lossScale.every': 1,
  'gtcc.frames': 0, 'gtcc.components': 1, 'gtcc.steps': 1, 'vaot.steps': 1, 'vaot.sinkhorn': 1, 'vava.iterations': 1,
}

/** Options that are numbers of their own, or those of the profile. */
const ofProfile: ReadonlySet<string> = new Set(['heatmap.size', 'heatmap.sigma', 'patch', 'width', 'heads', 'spatialLayers', 'temporalLayers'])

/** Options that something is divided by, or that would take everything away. */
const divisors: ReadonlySet<string> = new Set(['temperature', 'rotaryBase', 'heatmap.sigma', 'carl.variance', 'lav.gamma', 'gta.gamma', 'vaot.epsilon', 'vaot.radius', 'tcc.huberDelta', 'vava.lambda2', 'vava.delta', 'vava.temperature', 'coords2d.scale', 'jointTokens.scale'])

/**
 * The defaults with `key=value` settings applied, and the profile's sizes as numbers. Throws E_SETTING_UNKNOWN with the nearest key, E_SETTING_VALUE for a value of the wrong kind, and what `sizesOf` throws.
 */
export function trainConfig(settings: readonly string[], base: TrainConfig = trainDefaults): TrainConfig {
  const values = new Map(flat(base))
  for (const setting of settings) {
    const at = setting.indexOf('=')
    if (at < 1) throw new ToolkitError('E_SETTING_VALUE', `--set ${setting}: a setting is key=value`)
    const [key, text] = [setting.slice(0, at), setting.slice(at + 1)]
    const old = values.get(key)
    if (old === undefined) throw unknownName('E_SETTING_UNKNOWN', 'setting', key, [...values.keys()])
    values.set(key, (ofProfile.has(key) ? text !== 'profile' : typeof old === 'number') ? numberOf(key, text) : textOf(key, text))
  }
  return checked(sized(nested(values) as TrainConfig))
}

/** With the profile's sizes as numbers, so that a run stays what it is when a profile changes. */
function sized(config: TrainConfig): TrainConfig {
  const { size, sigma, ...sizes } = sizesOf(config)
  return { ...config, ...sizes, heatmap: { size, sigma } }
}

/** Settings that do not go together. */
function checked(config: TrainConfig): TrainConfig {
  const { absentConfidence, batch, accumulate, clipBy, clip, average, plateau, lossScale, rgb, gta, gtcc, tcc, sal, tccSalTcn, vava } = config
  const { casa: { dims } } = config
  const refuse = (setting: string, why: string): ToolkitError => new ToolkitError('E_SETTING_VALUE', `--set ${setting}: ${why}`)
  if (absentConfidence !== 0 && !(absentConfidence >= 0.01 && absentConfidence <= 1)) throw refuse(`absentConfidence=${absentConfidence}`, 'it is 0, or a confidence from 0.01 to 1')
  if (dims > 3) throw refuse(`casa.dims=${dims}`, 'joints have 2 coordinates or 3')
  if (batch % accumulate !== 0) throw refuse(`accumulate=${accumulate}`, `a batch of ${batch} clips cannot be cut into ${accumulate} equal parts`)
  if (clip === 0 && clipBy !== 'none') throw refuse('clip=0', 'gradients cut to 0 move nothing; clipBy=none cuts none')
  if (average.decay > 1) throw refuse(`average.decay=${average.decay}`, 'it is a share, 0 to 1')
  if (gta.smoothing > 1) throw refuse(`gta.smoothing=${gta.smoothing}`, 'it is a share, 0 to 1')
  if (!(plateau.factor > 0 && plateau.factor < 1)) throw refuse(`plateau.factor=${plateau.factor}`, 'it must lie between 0 and 1')
  if (rgb.contrast > 1 || rgb.saturation > 1 || rgb.brightness > 1) throw refuse(`rgb.contrast=${rgb.contrast} rgb.saturation=${rgb.saturation} rgb.brightness=${rgb.brightness}`, 'they are shares, 0 to 1')
  if (vava.phi > 1) throw refuse(`vava.phi=${vava.phi}`, 'it is a share, 0 to 1')
  if (lossScale.start > 2 ** 127) throw refuse(`lossScale.start=${lossScale.start}`, 'float32 has numbers to 2^127')
  if (gtcc.window > 1) throw refuse(`gtcc.window=${gtcc.window}`, 'it is a share, 0 to 1')
  if (gtcc.gamma > 1) throw refuse(`gtcc.gamma=${gtcc.gamma}`, 'it is a share, 0 to 1')
  if (tcc.smoothing > 1) throw refuse(`tcc.smoothing=${tcc.smoothing}`, 'it is a share, 0 to 1')
  if (sal.shuffled > 1) throw refuse(`sal.shuffled=${sal.shuffled}`, 'it is a share, 0 to 1')
  if (tccSalTcn.tcc + tccSalTcn.sal > 1) throw refuse(`tccSalTcn.sal=${tccSalTcn.sal}`, `with ${tccSalTcn.tcc} for TCC it is more than 1`)
  return config
}

/** The config a run was made with; options that there were not yet have their defaults. Throws E_RUN_GIVEN for a run of given embeddings. */
export function configOf({ config }: { readonly config: Readonly<Record<string, unknown>> }): TrainConfig {
  if (isGiven({ config })) throw new ToolkitError('E_RUN_GIVEN', 'the run holds embeddings that were given: nothing was trained', { hint: 'eval, report, runs and sql take it' })
  return nested(new Map([...flat(trainDefaults), ...flat(config as Tree)])) as TrainConfig
}

/** `key=value` of every option: with them `trainConfig` makes the same config, whatever the defaults are then. */
export function settingsOf(config: TrainConfig): string[] {
  return flat(config).map(([key, value]) => `${key}=${value}`)
}

type Value = number | string
type Tree = { readonly [key: string]: Value | Tree }

function flat(tree: Tree, prefix = ''): [string, Value][] {
  return Object.entries(tree).flatMap(([key, value]): [string, Value][] =>
    (typeof value === 'object' ? flat(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value]]))
}

function nested(values: ReadonlyMap<string, Value>): Tree {
  const tree: Record<string, Value | Record<string, Value | Tree>> = {}
  for (const [key, value] of values) {
    const path = key.split('.')
    const folder = path.slice(0, -1).reduce<Record<string, Value | Tree>>((at, part) => (at[part] ??= {}) as Record<string, Value | Tree>, tree)
    folder[path.at(-1)!] = value
  }
  return tree as Tree
}

function numberOf(key: string, text: string): number {
  const value = Number(text)
  const [least, isDivisor] = [whole[key], divisors.has(key)]
  const isNumber = text.trim() !== '' && Number.isFinite(value)
  if (isNumber && (least === undefined ? value > 0 || (value === 0 && !isDivisor) : Number.isInteger(value) && value >= least)) return value
  const kind = least !== undefined ? `a whole number from ${least}` : isDivisor ? 'a number above 0' : 'a number from 0'
  throw new ToolkitError('E_SETTING_VALUE', `--set ${key}=${text}: ${key} is ${kind}${ofProfile.has(key) ? ', or profile' : ''}`)
}

function textOf(key: string, text: string): string {
  const known = choices[key]
  if (known !== undefined && !known.includes(text)) throw unknownName('E_SETTING_VALUE', `value of ${key}`, text, known)
  return text
}
