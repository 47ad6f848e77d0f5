import type { Clip, Segment } from '../../src/clip.ts'
import { filmOf } from '../../src/film.ts'
import { window } from '../../src/transforms/cut.ts'

/** What is done in one order whoever does it: names of its steps, as a data set labels them. */
export type Routine = { readonly name: string; readonly steps: readonly string[] }

/**
 * Every routine in a recording as a clip of its own, trimmed to it and counted from 0, in order of time: its action is the routine, its phases are the steps, so that its events are where the second, third, ... step
 * begins. A step that is taken up again before another one is one step; a pause belongs to the step before it. Steps in another order, or with something else done in between, are no routine.
 * `background` are labels of nothing being done, `track` is where to look.
 */
export function routinesOf(clip: Clip, routines: readonly Routine[], { track, background }: { track: string; background: readonly string[] }): Clip[] {
  const done = runsOf(clip.labels.segments.filter((segment) => segment.track === track && !background.includes(segment.label)))
  const counts = new Map<string, number>()
  return done.flatMap((_, at) => routines.flatMap(({ name, steps }) => {
    const runs = done.slice(at, at + steps.length)
    if (runs.length < steps.length || runs.some(({ label }, step) => label !== steps[step])) return []
    const number = (counts.get(name) ?? 0) + 1
    counts.set(name, number)
    return [trimmed(clip, runs, `${name.replaceAll(' ', '-')}-${number}`, name)]
  }))
}

/** Segments that follow one another with one label, as one. */
function runsOf(segments: readonly Segment[]): Segment[] {
  const runs: Segment[] = []
  for (const { label, start, end } of segments.toSorted((a, b) => a.start - b.start)) {
    const last = runs.at(-1)
    if (last?.label === label) runs[runs.length - 1] = { ...last, end: Math.max(last.end, end) }
    else runs.push({ label, start, end })
  }
  return runs
}

function trimmed(clip: Clip, steps: readonly Segment[], place: string, action: string): Clip {
  const [first, last] = [steps[0]!.start, steps.at(-1)!.end]
  const piece = window(clip, first, last)
  const phases = steps.map(({ label, start }, at) => ({ label, start: start - first, end: (steps[at + 1]?.start ?? last) - first }))
  const film = filmOf(clip.id)
  return {
    ...piece, id: `${film}/${place}${clip.id.slice(film.length)}`, time: Float32Array.from({ length: piece.frames }, (_, frame) => frame), labels: { ...piece.labels, action, phases },
  }
}
