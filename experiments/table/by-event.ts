import type { Clip } from '../../src/clip.ts'
import type { Condition } from './spec.ts'

/** All annotated events, and those of each kind alone: the key events of the names that it stands for. */
export function byEvent(kinds: Readonly<Record<string, readonly string[]>>): Condition[] {
  const alone = Object.entries(kinds).map(([label, names]): Condition => ({ label, clips: (clips) => clips.map((clip) => onlyEvents(clip, names)) }))
  return [{ label: 'all events' }, ...alone]
}

/** The clip as if no other key events had been annotated: a phase that begins at another one is a part of the phase before it. */
export function onlyEvents(clip: Clip, names: readonly string[]): Clip {
  if (clip.labels.phases === null) return clip
  const starts = clip.labels.phases.filter(({ label }, at) => at === 0 || names.includes(label))
  const phases = starts.map((phase, at) => ({ ...phase, end: starts[at + 1]?.start ?? clip.frames }))
  return { ...clip, labels: { ...clip.labels, phases } }
}
