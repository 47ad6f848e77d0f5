/**
 * Puts absent joints (NaN) of positions [frames, joints, dims], in place, on the line between their places before and after, or where they are first or last
 * seen; those that never are at 0. Of each joint: how many frames lie before or after all that is known of it.
 */
export function fillGaps(positions: Float64Array, { frames, joints, dims }: { frames: number; joints: number; dims: number }): Int32Array {
  return Int32Array.from({ length: joints }, (_, joint) => {
    const at = (frame: number): number => (frame * joints + joint) * dims
    const seen = Array.from({ length: frames }, (_, frame) => frame).filter((frame) => !Number.isNaN(positions[at(frame)]!))
    let next = 0
    for (let frame = 0; frame < frames; frame++) {
      if (frame === seen[next]) next += 1
      else fill(positions, at(frame), seen.length === 0 ? null : between(frame, seen[next - 1] ?? seen[next]!, seen[next] ?? seen[next - 1]!, at), dims)
    }
    return seen.length === 0 ? frames : seen[0]! + frames - 1 - seen.at(-1)!
  })
}

type Between = { readonly from: number; readonly to: number; readonly share: number }

function between(frame: number, before: number, after: number, at: (frame: number) => number): Between {
  return { from: at(before), to: at(after), share: after === before ? 0 : (frame - before) / (after - before) }
}

function fill(positions: Float64Array, at: number, place: Between | null, dims: number): void {
  for (let axis = 0; axis < dims; axis++) {
    positions[at + axis] = place === null ? 0 : positions[place.from + axis]! * (1 - place.share) + positions[place.to + axis]! * place.share
  }
}
