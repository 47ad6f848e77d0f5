import type { DatasetEntry } from '../../../catalog.ts'
import type { Quarantined, Segment, SourceRef } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Side } from '../../../split.ts'
import type { PhaseSource } from './penn-phase-sources.ts'
import { pennPhases } from './penn-phases.ts'

/** Phase labels that were chosen among several places. */
export type ChosenPhases = {
  /** How many labels there are. */
  readonly count: number
  readonly segments: readonly Segment[]
  /** The same phases over another number of frames. */
  over(frames: number): readonly Segment[]
  readonly split: PhaseSource['split']
  readonly side: Side
  /** The place they come from, for people, and as provenance. */
  readonly name: string
  readonly file: SourceRef
}

export type SettledPhases = {
  /** null = there are none that can be read. */
  readonly chosen: ChosenPhases | null
  readonly flags: readonly string[]
  readonly quarantined: readonly Quarantined[]
}

const READMIT = 'keep the one that is right and run the same ingest again'

type Video = { readonly action: string; readonly side: Side; readonly frames: number }

/**
 * The phases of a video: the first of the sources that can be read. What cannot be read is set aside (flag `phases-quarantined`), and so is what says something
 * else than the first (`phases-disagree`), with the first frame of which it does.
 */
export function settlePhases(entry: DatasetEntry, sources: readonly PhaseSource[], video: Video): SettledPhases {
  let chosen: Omit<ChosenPhases, 'file'> & { readonly source: PhaseSource } | null = null
  const flags = new Set<string>()
  const quarantined: Quarantined[] = []
  for (const source of sources) {
    try {
      const found = readSource(entry, source, video)
      const difference = chosen === null || found === null ? null : differenceOf(chosen, found)
      if (difference !== null) {
        flags.add('phases-disagree')
        quarantined.push(source.quarantined(new ToolkitError('E_PENN_PHASES', difference, { hint: READMIT })))
      }
      if (found !== null) chosen ??= { ...found, source }
    } catch (error) {
      flags.add('phases-quarantined')
      quarantined.push(source.quarantined(error))
    }
  }
  if (chosen === null) return { chosen, flags: [...flags], quarantined }
  const { source, ...phases } = chosen
  return { chosen: { ...phases, file: source.file() }, flags: [...flagsOf(phases, video), ...flags], quarantined }
}

function readSource(entry: DatasetEntry, source: PhaseSource, { action, frames }: Video): Omit<ChosenPhases, 'file'> | null {
  const labels = source.labels()
  if (labels === null) return null
  const phases = entry.phases.find((phases) => phases.action === action)
  if (phases === undefined || ![phases.tccName, action].includes(source.action)) {
    throw new ToolkitError('E_PENN_PHASES', `phase labels of ${source.action} for a clip of ${action}`)
  }
  // all of them, also those that a shorter clip has no frame for
  if (labels.values.length !== frames) pennPhases(labels, labels.values.length, phases)
  const { split, side, name } = source
  const over = (frames: number): readonly Segment[] => pennPhases(labels, frames, phases)
  return { count: labels.values.length, segments: over(frames), over, split, side, name }
}

function flagsOf({ segments, count, side }: Omit<ChosenPhases, 'file'>, video: Video): string[] {
  return [
    ...(segments.some(({ start, end }) => start === end) ? ['phases-incomplete'] : []),
    ...(count === video.frames ? [] : ['phases-resampled']),
    ...(side === video.side ? [] : ['phases-on-other-side']),
  ]
}

/** What two places say differently about one video, in words; null = they agree. */
function differenceOf(one: Omit<ChosenPhases, 'file'>, other: Omit<ChosenPhases, 'file'>): string | null {
  const starts = one.segments.flatMap(({ start }, phase) => (other.segments[phase]!.start === start ? [] : [Math.min(start, other.segments[phase]!.start)]))
  const differences = [
    ...(one.split !== other.split || one.side === other.side ? [] : [`put the video on the ${one.side} side and on the ${other.side} side`]),
    ...(starts.length === 0 ? [] : [differenceAt(Math.min(...starts), one.segments, other.segments)]),
  ]
  return differences.length === 0 ? null : `${one.name} and ${other.name} ${differences.join(', and ')}`
}

function differenceAt(frame: number, one: readonly Segment[], other: readonly Segment[]): string {
  const phaseIn = (segments: readonly Segment[]): number => segments.findIndex(({ start, end }) => frame >= start && frame < end)
  return `differ from frame ${frame} on: phase ${phaseIn(one)} and phase ${phaseIn(other)}`
}
