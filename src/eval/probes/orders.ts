import type { Random } from '../../random.ts'

/** How the frames of a clip can be shown otherwise, so that what a frame holds and where it stands part. */
export const probeNames = ['offset', 'shuffle', 'reverse', 'still'] as const

export type ProbeName = (typeof probeNames)[number]

/**
 * Which frame of a clip of `frames` frames is shown at each place, as many as it has. `offset`: the first frame is held for a quarter of the clip, and the
 * second half of it goes twice as fast, so that it ends with the same frame. `shuffle`: any order, evenly drawn. `reverse`: from the last to the first. `still`: the middle frame over and over.
 */
export function probeOrder(name: ProbeName, frames: number, random: Random): number[] {
  const places = Array.from({ length: frames }, (_, place) => place)
  switch (name) {
    case 'offset': return places.map((place) => late(place, frames))
    case 'shuffle': return shuffled(places, random)
    case 'reverse': return places.toReversed()
    case 'still': return places.map(() => Math.floor((frames - 1) / 2))
  }
}

function late(place: number, frames: number): number {
  const held = Math.floor(frames / 4)
  return place < frames - held ? Math.max(0, place - held) : 2 * place - frames + 1
}

function shuffled(places: readonly number[], random: Random): number[] {
  const order = [...places]
  for (let last = order.length - 1; last > 0; last--) {
    const drawn = random.integer(last + 1)
    ;[order[last], order[drawn]] = [order[drawn]!, order[last]!]
  }
  return order
}
