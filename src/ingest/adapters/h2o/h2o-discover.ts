import type { DatasetEntry } from '../../../catalog.ts'
import type { Segment, SourceRef } from '../../../clip.ts'
import type { Side } from '../../../split.ts'
import { ToolkitError } from '../../../errors.ts'
import type { AdapterContext, Plan, PlanItem } from '../../adapter.ts'
import { TWIN_FILE } from '../../twin-file.ts'
import { findFilms, type H2oFilm, kinds } from './h2o-folders.ts'
import type { ActionRow } from './h2o-list-rows.ts'
import { type H2oLists, readLists } from './h2o-lists.ts'
import { whatIsMissing } from './h2o-missing.ts'

/** What is known of one sequence and camera by names and lists. */
export type H2oFacts = H2oFilm & {
  /** The folder of pictures, `rgb256` before `rgb`; null = there is none, or none is asked for. */
  readonly pictures: string | null
  readonly side: Side
  /** The lists do not name the sequence: its side is by subject and scene. */
  readonly isSideByRule: boolean
  /** As the action lists say; null = the files decide. */
  readonly frames: number | null
  readonly actions: readonly Omit<ActionRow, 'sequence' | 'frames' | 'row'>[]
  /** Runs of frames in the pose lists. */
  readonly listed: readonly Omit<Segment, 'label'>[]
  /** Where the lists name it. */
  readonly lists: readonly SourceRef[]
  readonly source: string
}

/** Names and lists: which sequences and cameras there are, and what the lists say of them. */
export function discoverH2o({ entry, raw, frames }: Omit<AdapterContext, 'scratch'>): Plan<H2oFacts> {
  const { films, ignored } = findFilms(raw)
  if (films.length === 0) {
    throw new ToolkitError('E_RAW_EMPTY', `no sequences (subject1/h1/0/cam4/hand_pose/000000.txt, ...) in ${raw.dir}`, {
      hint: 'RAW_DIR is the folder in which the subjects\' archives were unpacked' })
  }
  const lists = readLists(raw, entry)
  const source = raw.stat(TWIN_FILE) === null ? entry.source : 'synthetic'
  return {
    items: films.map((film) => itemOf(entry, film, { ...factsOf(film, lists), pictures: frames === 'none' ? null : picturesOf(film), source })),
    hasFrames: films.some((film) => picturesOf(film) !== null), quarantined: lists.quarantined, ignored,
    complete: source !== 'synthetic' && isComplete(entry, films, lists), missing: whatIsMissing(films, lists.missing, entry.counts?.recordings ?? 0),
  }
}

function itemOf({ name }: DatasetEntry, { sequence, camera, home }: H2oFilm, facts: H2oFacts): PlanItem<H2oFacts> {
  const inputs = [...kinds.map((kind) => facts.folders[kind] ?? null), ...facts.twice.flat(), facts.intrinsics, facts.pictures]
    .filter((input) => input !== null)
  return { id: `${name}/${sequence}/${camera}`, path: home, inputs: [...new Set(inputs)].sort(), facts }
}

function picturesOf({ folders }: H2oFilm): string | null {
  return folders.rgb256 ?? folders.rgb ?? null
}

function factsOf(film: H2oFilm, { sequences, poses }: H2oLists): Omit<H2oFacts, 'pictures' | 'source'> {
  const listed = sequences.get(film.sequence)
  const pose = poses.get(`${film.sequence}/${film.camera}`)
  return {
    ...film, side: listed?.side ?? sideByRule(film.sequence), isSideByRule: listed === undefined, frames: listed?.frames ?? null,
    actions: (listed?.actions ?? []).map(({ start, end, number }) => ({ start, end, number })), listed: runsOf(pose?.frames ?? []),
    lists: [...(listed?.files ?? []), ...(pose?.files ?? [])],
  }
}

/** The authors' split: subject 4 to test, subject 3 in k2, o1 and o2 to validate, all others to train. */
function sideByRule(sequence: string): Side {
  const [subject, scene] = sequence.split('/') as [string, string]
  if (subject === 'subject4') return 'test'
  return subject === 'subject3' && ['k2', 'o1', 'o2'].includes(scene) ? 'validation' : 'train'
}

function runsOf(frames: readonly number[]): Omit<Segment, 'label'>[] {
  const runs: { start: number; end: number }[] = []
  for (const frame of frames.toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && frame <= last.end) last.end = frame === last.end ? frame + 1 : last.end
    else runs.push({ start: frame, end: frame + 1 })
  }
  return runs
}

/** All sequences with the camera that every archive has, and all that the lists say. */
function isComplete({ counts }: DatasetEntry, films: readonly H2oFilm[], { sequences, missing, quarantined }: H2oLists): boolean {
  const heads = films.filter(({ camera }) => camera === 'cam4')
  return missing.length === 0 && quarantined.length === 0 && heads.length === counts?.recordings && sequences.size === counts.recordings
    && heads.every(({ sequence }) => sequences.has(sequence))
}
