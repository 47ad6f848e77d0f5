import { randomAt } from '../random.ts'
import { heatmapShape } from '../transforms/heatmap-spec.ts'
import {
  chain, crop, cut, dropJoints, flip, jitter, resample, rotate, scale, speed, tempo, type Transform, translate,
} from '../transforms/index.ts'
import { createBuffers } from './buffers.ts'
import { drawRow, type InputSpec } from './embedding-batch.ts'
import type { Collate } from './loader.ts'

/** The ranges of a view's augmentation. A share or a probability of 0 switches its part off. */
export type Augmentation = {
  /** Largest share of frames taken off each end. */
  readonly cut: number
  /** Largest factor by which a view is played faster or slower; 1 = as it is. */
  readonly tempo: number
  /** Largest share of frames dropped in between. */
  readonly speed: number
  readonly flip: { readonly probability: number }
  readonly rotate: { readonly degrees: number; readonly probability: number }
  readonly scale: { readonly low: number; readonly high: number; readonly probability: number }
  /** Largest shift as a share of the box. */
  readonly translate: { readonly share: number; readonly probability: number }
  /** Deviation as a share of the box. */
  readonly jitter: { readonly share: number; readonly probability: number }
  /** Chance of each joint, once joints are dropped at all. */
  readonly dropJoints: { readonly share: number; readonly probability: number }
}

/** The first view: another cut and tempo, nothing else. */
export const cutOnly: Augmentation = {
  cut: 0.3, tempo: 1.5, speed: 0,
  flip: { probability: 0 },
  rotate: { degrees: 15, probability: 0 },
  scale: { low: 0.8, high: 1.2, probability: 0 },
  translate: { share: 0.1, probability: 0 },
  jitter: { share: 0.02, probability: 0 },
  dropJoints: { share: 0.1, probability: 0 },
}

/** The second view: everything. */
export const full: Augmentation = {
  cut: 0.3, tempo: 1.5, speed: 0.5,
  flip: { probability: 0.5 },
  rotate: { degrees: 15, probability: 0.5 },
  scale: { low: 0.8, high: 1.2, probability: 0.5 },
  translate: { share: 0.1, probability: 0.5 },
  jitter: { share: 0.02, probability: 0.3 },
  dropJoints: { share: 0.1, probability: 0.3 },
}

export type ViewOptions = InputSpec & {
  readonly seed: number
  /** A view's first frame is numbered 0 .. latestStart, drawn per view: what is learnt cannot rest on where a clip begins. 0 = always 0. */
  readonly latestStart?: number
  readonly first?: Partial<Augmentation>
  readonly second?: Partial<Augmentation>
}

/**
 * Two views of each of B clips as rows b and b + B: `patches` [2B, T, N, P], `mask` [2B, T], `time` [2B, T] the frame index in the whole clip (0 in padding),
 * `length` [2B] frames of the whole clip, `start` [2B] the number of each view's first frame. The draws of a view depend on (seed, epoch, clip, view, transform, position) only. Two sets of buffers in turn.
 */
export function alignmentViews({ seed, latestStart = 0, first, second, ...spec }: ViewOptions): Collate {
  const views = [{ ...cutOnly, ...first }, { ...full, ...second }].map((augmentation) => viewOf(augmentation, spec))
  const buffers = createBuffers(2)
  return (samples) => {
    const rows = 2 * samples.length
    const tensors = buffers({
      patches: [rows, ...heatmapShape(spec.frames, spec.heatmaps)], mask: [rows, spec.frames], time: [rows, spec.frames], length: [rows], start: [rows],
    })
    views.forEach((transform, view) => samples.forEach(({ clip, epoch }, b) => {
      const row = view * samples.length + b
      const random = randomAt({ seed, epoch, clip: clip.id, view })
      const seen = transform(clip, random)
      drawRow(seen, { spec, row, ...tensors })
      tensors.time.data.fill(0, row * spec.frames, (row + 1) * spec.frames).set(seen.time, row * spec.frames)
      tensors.length.data[row] = clip.frames
      tensors.start.data[row] = random.fork('start').integer(latestStart + 1)
    }))
    return tensors
  }
}

/** The order of augmentation: time first, then the box of what is left, then space. */
export function viewOf(augmentation: Augmentation, { heatmaps: { skeleton }, frames, padding = 0.25 }: InputSpec): Transform {
  return chain({
    resample: resample({ frames }),
    cut: cut({ share: augmentation.cut }),
    tempo: tempo({ factor: augmentation.tempo, most: frames }),
    speed: speed({ share: augmentation.speed }),
    crop: crop({ padding }),
    flip: flip({ skeleton, ...augmentation.flip }),
    rotate: rotate(augmentation.rotate),
    scale: scale(augmentation.scale),
    translate: translate(augmentation.translate),
    jitter: jitter(augmentation.jitter),
    'drop-joints': dropJoints(augmentation.dropJoints),
  })
}
