import { ToolkitError } from '../../errors.ts'
import type { Step, StepName, Transform } from '../../transforms/index.ts'

/** Steps that move a clip as a whole, by the middle or the size of its frame: of no account where it is placed anew after them. */
const moves: ReadonlySet<StepName> = new Set(['flip', 'rotate', 'scale', 'translate'])
/** Those, and others that go by the frame. */
const byFrame: ReadonlySet<StepName> = new Set([...moves, 'jitter', 'resized-crop', 'random-move'])
/** Steps that give a clip a frame in the unit of its joints, and those, or one that shifts it to the origin. */
const framing: ReadonlySet<StepName> = new Set(['crop', 'casa-normalise'])
const placing: ReadonlySet<StepName> = new Set([...framing, 'centre'])

/**
 * The transform of the steps, which refuses clips whose joints are in metres or cm where they would go by their recorded frame, which is px: E_TRANSFORM_UNIT. A mirror at 640 px
 * would set them 1280 m aside.
 */
export function inOneUnit(steps: readonly Step[], transform: Transform): Transform {
  const position = steps.findIndex(goesByFrame)
  const step = steps[position]
  if (step === undefined) return transform
  return (clip, random) => {
    if (clip.unit === 'px') return transform(clip, random)
    throw new ToolkitError('E_TRANSFORM_UNIT', `step ${position}, ${step.name}: ${clip.id} has joints in ${clip.unit} and a frame of ${clip.width} x ${clip.height} px`, {
      hint: 'let a step `crop` come before it: the box around the joints is in their unit' })
  }
}

/** Whether a step goes by the frame of the recording, and what it does by it stays. */
function goesByFrame({ name }: Step, at: number, steps: readonly Step[]): boolean {
  return byFrame.has(name) && !steps.some((other, place) => (place < at ? framing.has(other.name) : moves.has(name) && placing.has(other.name)))
}
