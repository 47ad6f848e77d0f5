import type { Random } from '../../random.ts'
import type { Skeleton } from '../../skeleton.ts'
import { poses } from './actions.ts'
import { least, most, type Pixel } from './camera.ts'
import { drawBody } from './person.ts'
import { type Colour, drawBox, drawLimb, drawLimbs, drawRoom, type Picture } from './picture.ts'
import type { Serve } from './serve.ts'

const BALL: Colour = [215, 245, 70]
/** Balls that mean nothing. */
const DECOYS: readonly Colour[] = [[235, 60, 60], [70, 90, 240], [200, 60, 220]]
const SHORTEST_PERIOD = 9

/** How far from the middle things are shown, in shares of the square around the body. */
const REACH = 0.3

/** What a film shows beside the joints: `place` turns shares of the square around the body, of side `length` px, from its middle into px. */
type Scene = { readonly serve: Serve; readonly side: -1 | 1; readonly place: (x: number, y: number) => Pixel; readonly length: number }

/**
 * The frames of a serve: the whole body behind a screen, so that nothing of it is to be seen; before it the ball, held, thrown and hit; and what has nothing
 * to do with the serve: lines on the screen, a ball of another colour going up and down, a small bystander doing jumping jacks, both over and over.
 * Everything lies near the body, and in the picture: a crop by the joints has it.
 */
export function* serveFrames(
  serve: Serve, pixels: readonly (readonly Pixel[])[], { skeleton, random, ...size }: { skeleton: Pick<Skeleton, 'joints' | 'edges'>; random: Random; width: number; height: number },
): Generator<Picture> {
  const [xs, ys] = [0, 1].map((axis) => pixels.flatMap((points) => points.map((point) => point[axis]!))) as [number[], number[]]
  const [left, right, top, bottom] = [least(xs), most(xs), least(ys), most(ys)]
  const length = Math.max(right - left, bottom - top)
  const middle = Math.min(size.width - REACH * length, Math.max(REACH * length, (left + right) / 2))
  const scene: Scene = { serve, length, side: random.chance(0.5) ? 1 : -1, place: (x, y) => [middle + x * length, (top + bottom) / 2 + y * length] }
  const colour = (): Colour => [40 + random.integer(90), 40 + random.integer(90), 40 + random.integer(90)]
  const [wall, screen] = [colour(), colour()]
  const lines = Array.from({ length: 6 }, () => ({ ends: [0, 1].map(() => scene.place(random.between(-REACH, REACH), random.between(-0.5, 0.5))) as [Pixel, Pixel], own: colour() }))
  const [decoy, bystander] = [drawDecoy(scene, random.fork('decoy')), drawBystander(scene, skeleton, random.fork('bystander'))]
  for (const frame of pixels.keys()) {
    const picture = drawRoom({ ...size, wall })
    drawBox(picture, [[left - 0.05 * length, top - 0.05 * length], [right + 0.05 * length, bottom + 0.05 * length]], screen)
    for (const { ends, own } of lines) drawLimb(picture, ends, 0.008 * length, own)
    bystander(picture, frame)
    decoy(picture, frame)
    const at = ballAt(scene, frame)
    if (at !== null) drawLimb(picture, [at, at], 0.045 * length, BALL)
    yield picture
  }
}

/** Held beside the hip, in the air from being released to being touched, then across and out of the square. */
function ballAt({ serve: { released, touched }, side, place }: Scene, frame: number): Pixel | null {
  const share = Math.min(1, Math.max(0, (frame - released) / (touched - released)))
  const since = Math.max(0, frame - touched)
  return since > 8 ? null : place(side * (0.24 - 0.1 * since), 0.22 - 0.5 * share - 0.5 * share * (1 - share) + 0.03 * since)
}

type Draw = (picture: Picture, frame: number) => void

function drawDecoy({ side, place, length }: Scene, random: Random): Draw {
  const [colour, across, swing] = [DECOYS[random.integer(DECOYS.length)]!, side * random.between(-0.2, -0.05), periodic(random)]
  return (picture, frame) => {
    const at = place(across, 0.3 - 0.6 * swing(frame))
    drawLimb(picture, [at, at], 0.045 * length, colour)
  }
}

function drawBystander({ side, place, length }: Scene, skeleton: Pick<Skeleton, 'joints' | 'edges'>, random: Random): Draw {
  const [body, swing, habit] = [drawBody(random), periodic(random), [random.uniform(), random.uniform(), random.uniform()] as const]
  return (picture, frame) => {
    const points = poses['jumping_jacks']!(body, swing(frame), habit).map(([x, y]) => place(-side * 0.2 + 0.25 * x, 0.5 - 0.25 * y))
    drawLimbs(picture, points, skeleton, 0.008 * length)
  }
}

/** 0 up to 1 and down again in straight lines, over and over, from anywhere on. */
function periodic(random: Random): (frame: number) => number {
  const [period, start] = [SHORTEST_PERIOD + random.integer(SHORTEST_PERIOD), random.uniform()]
  return (frame) => Math.abs(2 * ((frame / period + start) % 1) - 1)
}
