import type { Segment, SourceRef } from '../../clip.ts'
import type { Side } from '../../split.ts'
import { ToolkitError } from '../../errors.ts'
import type { AdapterContext, Plan, PlanItem } from '../adapter.ts'
import { sourceOf } from '../raw-folder.ts'
import { TWIN_FILE } from '../twin-file.ts'
import { findFilms, type H2oFilm } from './h2o-folders.ts'
import { type ListedAction, readLists } from './h2o-lists.ts'

/** What is known of one sequence and camera by names and lists. */
export type H2oFacts = H2oFilm & {
  readonly side: Side
  /** The lists do not name the sequence: its side is by subject and scene. */
  readonly isSideByRule: boolean
  /** As the action lists say; null = the files decide. */
  readonly frames: number | null
  readonly actions: readonly ListedAction[]
  /** Runs of frames in the pose lists; null = there are no pose lists of this camera. */
  readonly listed: readonly Omit<Segment, 'label'>[] | null
  readonly lists: readonly SourceRef[]
  readonly source: string
}

/** Names and lists: which sequences and cameras there are, and what the lists say of them. */
export function discoverH2o({ entry, raw, frames }: Omit<AdapterContext, 'scratch'>): Plan<H2oFacts> {
  const films = findFilms(raw)
  if (films.length === 0) {
    throw new ToolkitError('E_RAW_EMPTY', `no sequences (subject1/h1/0/cam4/hand_pose/000000.txt, ...) in ${raw.dir}`, {
      hint: 'RAW_DIR is the folder in which the subjects\' archives were unpacked' })
  }
  const lists = readLists(raw)
  const source = raw.stat(TWIN_FILE) === null ? entry.source : 'synthetic'
  const items = films.map((film): PlanItem<H2oFacts> => {
    const listed = lists.sequences.get(film.sequence)
    const poses = lists.poses.get(`${film.sequence}/${film.camera}`)
    const rows = (listed?.actions ?? []).map(({ list, row }) => sourceOf(lists.files.find(({ path }) => path === list)!, 'annotations', { place: `row ${row}` }))
    const folders = Object.values(film.folders)
    const pictures = frames === 'none' ? null : film.pictures
    return {
      id: `${entry.name}/${film.sequence}/${film.camera}`, path: folders[0] ?? film.intrinsics ?? film.sequence,
      inputs: [...folders, ...(film.intrinsics === null ? [] : [film.intrinsics]), ...(pictures === null ? [] : [pictures])],
      facts: {
        ...film, pictures, side: listed?.side ?? sideByRule(film.sequence), isSideByRule: listed === undefined, frames: listed?.frames ?? null, actions: listed?.actions ?? [],
        listed: poses === undefined ? null : runsOf(poses), lists: rows, source,
      },
    }
  })
  const sequences = new Set(films.map(({ sequence }) => sequence))
  const whole = entry.counts?.recordings ?? 0
  const hasFrames = films.some(({ pictures }) => pictures !== null)
  return {
    items, hasFrames, quarantined: lists.quarantined,
    complete: source !== 'synthetic' && lists.missing.length === 0 && lists.quarantined.length === 0 && sequences.size === whole && lists.sequences.size === whole
      && films.filter(({ camera }) => camera === 'cam4').length === whole,
    missing: [...lists.missing, ...(sequences.size < whole ? [`${whole - sequences.size} of ${whole} sequences`] : []), ...missingCameras(films), ...(hasFrames ? [] : ['pictures'])],
    ignored: [],
  }
}

function missingCameras(films: readonly H2oFilm[]): string[] {
  const present = new Set(films.map(({ camera }) => camera))
  return ['cam0', 'cam1', 'cam2', 'cam3', 'cam4'].filter((camera) => !present.has(camera))
}

/** The authors' split: subject 4 to test, subject 3 in k2, o1 and o2 to validate, all others to train. */
function sideByRule(sequence: string): Side {
  const [subject, scene] = sequence.split('/') as [string, string]
  if (subject === 'subject4') return 'test'
  return subject === 'subject3' && ['k2', 'o1', 'o2'].includes(scene) ? 'validation' : 'train'
}

function runsOf(frames: readonly number[]): Omit<Segment, 'label'>[] {
  const runs: { start: number; end: number }[] = []
  for (const frame of frames) {
    const last = runs.at(-1)
    if (last !== undefined && frame <= last.end) last.end = Math.max(last.end, frame + 1)
    else runs.push({ start: frame, end: frame + 1 })
  }
  return runs
}
