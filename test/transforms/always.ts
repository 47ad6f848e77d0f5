import type { Clip } from '../../src/clip.ts'
import { type Random, randomAt } from '../../src/random.ts'
import { chainOf, type Step, type StepName, type Transform } from '../../src/transforms/index.ts'
import { describeStep } from '../../src/transforms/steps.ts'
import { exampleClip, exampleClips, skeleton } from './examples.ts'

/** A step with its defaults, but never skipped by chance. */
export function alwaysStep(name: StepName): Step {
  const hasChance = 'probability' in describeStep(name, { frames: 64 }).options
  return { name, ...(hasChance ? { probability: 1 } : {}) } as Step
}

export function always(name: StepName): Transform {
  return chainOf([alwaysStep(name)], { skeleton, frames: 64 })
}

export function drawnAt(clip: Clip, seed = 9): Random {
  return randomAt({ seed, clip: clip.id })
}

/** Short and long, one, two and three frames, two persons, in space, and both. */
export const clips: readonly Clip[] = [
  ...exampleClips.slice(0, 6), exampleClips[13]!,
  exampleClip({ seed: 31, frames: 1, persons: 2 }), exampleClip({ seed: 32, frames: 2, dims: 3 }), exampleClip({ seed: 33, frames: 3, persons: 2, dims: 3 }),
]
