/** A frame without something, the frames before and after it that have it (the nearest twice at the ends), and how far it stands from the one to the other in time, 0 to 1; 0 where both are one moment. */
export type Gap = { readonly frame: number; readonly before: number; readonly after: number; readonly share: number }

/** Every frame that is not among those that are `there`, of which there is at least one, in order; `time` [T] of all of them. */
export function gapsInTime(time: Float32Array, there: readonly number[]): Gap[] {
  const gaps: Gap[] = []
  let next = 0
  for (let frame = 0; frame < time.length; frame++) {
    if (there[next] === frame) {
      next++
      continue
    }
    const [before, after] = [there[next - 1] ?? there[next]!, there[next] ?? there[next - 1]!]
    const span = time[after]! - time[before]!
    gaps.push({ frame, before, after, share: span === 0 ? 0 : (time[frame]! - time[before]!) / span })
  }
  return gaps
}
