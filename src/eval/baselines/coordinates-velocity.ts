import type { Encoder } from '../../encoder.ts'
import { smooth } from '../joint-signal.ts'
import { normalisedCoordinates, toTensor } from './coordinates.ts'

/**
 * `baseline/coordinates-velocity`: the joints and ten times their velocity per frame, smoothed over 9 frames, [T, 2 x J x dims]: a pose and where it is going.
 */
export const coordinatesVelocity: Encoder = {
  name: 'baseline/coordinates-velocity',
  embed: async (clips) => clips.map((clip) => {
    const places = normalisedCoordinates(clip)
    return toTensor(clip, [...places, ...places.map((place) => slope(smooth(place, 9)).map((velocity) => velocity * 10))])
  }),
}

/** Central differences, one-sided at the ends (numpy.gradient); 0 for a single frame. */
function slope(values: Float64Array): Float64Array {
  const last = values.length - 1
  if (last === 0) return new Float64Array(1)
  return values.map((_, t) => {
    const [before, after] = [Math.max(0, t - 1), Math.min(last, t + 1)]
    return (values[after]! - values[before]!) / (after - before)
  })
}
