import { mkdir } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import type { DatasetEntry } from '../catalog.ts'
import type { Clip } from '../clip.ts'
import { alignmentPage } from '../eval/report/alignment-page.ts'
import type { AlignmentFigure } from '../eval/report/report-data.ts'
import { wholeFilm } from '../eval/report/whole-film.ts'
import { columns } from '../eval/table-file.ts'
import { replaceFile } from '../train/index.ts'
import { writeAlignmentVideo } from './alignment-video.ts'
import type { Alignment } from './alignment.ts'
import { checkRows, rowEndings, writeRows } from './write-rows.ts'

const endings = [...rowEndings, '.html', '.mp4']
/** Frames a second of a film whose clip does not say. */
const FPS = 25
const tableColumns = columns('clip text, frame integer, reference text, counterpart integer, moment double, cost double, confidence double')

/** Throws E_USAGE for a file that no alignment can be written to. */
export function checkAlignOutput(output: string | undefined): void {
  if (output !== undefined) checkRows(output, endings)
}

/** Writes an alignment as its file is named: the map as a table, or both clips in step as a page or a film. Throws E_DISK_FULL, E_FFMPEG_MISSING, E_VIDEO_WRITE. */
export async function writeAlignment(output: string, alignment: Alignment, { clips, entry }: { clips: readonly [Clip, Clip]; entry: DatasetEntry }): Promise<void> {
  await mkdir(dirname(output), { recursive: true })
  const figure = figureOf(alignment, clips, entry)
  switch (extname(output)) {
    case '.html': return replaceFile(output, alignmentPage(figure, { title: `${alignment.reference.id} follows ${alignment.clip.id}`, dataset: entry }))
    case '.mp4': return writeAlignmentVideo(output, figure, { fps: clips[0].fps ?? FPS })
    default: return writeMap(output, alignment)
  }
}

function figureOf({ encoder, method, clip, map }: Alignment, [a, b]: readonly [Clip, Clip], entry: DatasetEntry): AlignmentFigure {
  const skeleton = entry.skeletons.find(({ name }) => name === a.skeleton) ?? entry.skeleton
  return {
    a: wholeFilm(a), b: wholeFilm(b), edges: skeleton.edges, pairs: skeleton.pairs,
    followers: [{ name: encoder, title: `${method} by ${encoder}`, frames: map.map(({ counterpart }) => counterpart) }],
    note: `For every frame of A, ${clip.id}, B shows the frame that it is aligned to. Mean confidence ${(map.reduce((sum, { confidence }) => sum + confidence, 0) / map.length).toFixed(2)}.`,
  }
}

function writeMap(output: string, { encoder, method, temperature, commit, clip, reference, map }: Alignment): Promise<void> {
  const rows = map.map(({ frame, counterpart, moment, cost, confidence }) => [clip.id, frame, reference.id, counterpart, moment, cost, confidence])
  return writeRows(output, { columns: tableColumns, rows, about: { posetta: 'alignment 1', encoder, method, temperature: String(temperature), commit } })
}
