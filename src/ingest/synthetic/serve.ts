import type { Random } from '../../random.ts'
import { tennisServe } from './actions.ts'
import { drawHabit, eased, type Performance } from './performance.ts'
import { drawBody } from './person.ts'

/** Frames at which the ball leaves the hand, the racket is farthest back, and the ball meets the racket. */
export type Serve = Performance & { readonly released: number; readonly back: number; readonly touched: number }

const FRAMES = { least: 32, most: 64 }
/** Shares of the clip between which each event is drawn, and of how long the swing takes. */
const [RELEASED, BACK, TOUCHED, SWING] = [[0.1, 0.34], [0.4, 0.6], [0.66, 0.9], [0.16, 0.24]] as const

/**
 * A serve whose three key events are drawn independently of one another: the person stands still but for the swing of the racket arm, in the middle of which
 * the racket is farthest back; the ball leaves and returns while nothing of the body moves. So joints tell of the second event alone,
 * and a picture in which the body is hidden of the first and third alone. Phases are those of the catalog's key events.
 */
export function serve(random: Random): Serve {
  const frames = FRAMES.least + random.integer(FRAMES.most - FRAMES.least + 1)
  const [body, habit, events] = [drawBody(random.fork('body')), drawHabit(random.fork('habit')), random.fork('events')]
  const [released, back, touched] = [RELEASED, BACK, TOUCHED].map(([least, most]) => Math.round(events.between(least, most) * frames)) as [number, number, number]
  const [rise, fall] = [0, 1].map(() => events.between(...SWING) * frames) as [number, number]
  const joints = Array.from({ length: frames }, (_, frame) => {
    return tennisServe(body, frame <= back ? eased((frame - back + rise) / rise, 0) : eased((back + fall - frame) / fall, 0), habit)
  })
  return { joints, phases: joints.map((_, frame) => [released, back, touched].filter((event) => event <= frame).length), released, back, touched }
}
