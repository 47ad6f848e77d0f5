import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { DatasetEntry } from '../../catalog.ts'
import { h2oSequences } from './h2o/h2o-sequences.ts'
import { h2oTruth, writeH2oTwin } from './h2o/h2o-twin.ts'
import { ikeaTruth, writeIkeaTwin } from './ikea-asm/ikea-twin.ts'
import { plantPennFlaws } from './penn-action/penn-flaws.ts'
import { listTwinVideos, writePennVideo } from './penn-action/penn-twin.ts'
import { TWIN_FILE } from '../twin-file.ts'

export type TwinOptions = {
  /** Recordings: videos of Penn Action, scans of IKEA ASM, sequences of H2O. */
  readonly clips: number
  readonly seed: number
  /** Pictures: JPEG stick figures beside the labels. */
  readonly frames: boolean
  /** The pictures as videos, where the data set comes as videos. */
  readonly video?: boolean
  /** Plants every known quirk of the download. */
  readonly flaws?: boolean
  /** Tennis serves with a ball that pictures alone show, a swing that joints alone show: of Penn Action. */
  readonly ball?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export type Twin = { readonly clips: number; readonly frames: number; readonly files: number; readonly bytes: number }

type Options = TwinOptions & { readonly video: boolean; readonly flaws: boolean; readonly ball: boolean }

/** A writer of twins of one raw layout. */
export type TwinWriter = {
  /** Recordings that a twin can have; 0 = none of this entry. */
  most(entry: DatasetEntry, options: Pick<Options, 'ball'>): number
  write(entry: DatasetEntry, dir: string, options: Options): Promise<Omit<Twin, 'clips'>>
}

/** Scans of the published data set. */
const IKEA_SCANS = 371
/** Videos between two turns of the event loop. */
const VIDEOS_PER_TURN = 4

/** Twins by the name of their adapter. */
export const twins: Readonly<Record<string, TwinWriter>> = {
  'penn-action': {
    most: (entry, { ball }) => (entry.skeleton.name === 'penn-13' ? listTwinVideos(entry, { ball }).length : 0),
    async write(entry, dir, { clips, seed, frames, flaws, ball, signal, onProgress }) {
      const written = { frames: 0, files: 0, bytes: 0 }
      for (const [done, video] of listTwinVideos(entry, { ball }).slice(0, clips).entries()) {
        if (done % VIDEOS_PER_TURN === 0) await setImmediate()
        signal?.throwIfAborted()
        const { frames: length, files, bytes } = writePennVideo(entry, dir, video, { seed, frames })
        written.frames += length
        written.files += files
        written.bytes += bytes
        onProgress?.(done + 1, clips)
      }
      if (flaws) plantPennFlaws(dir, entry, { seed, ball })
      return flaws ? { ...written, ...sizeOf(dir) } : written
    },
  },
  'ikea-asm': {
    most: (_, { ball }) => (ball ? 0 : IKEA_SCANS),
    async write(_, dir, { clips, seed, flaws, ...options }) {
      const truth = ikeaTruth({ scans: clips, seed, flaws })
      return { ...await writeIkeaTwin(dir, truth, options), frames: total(truth.scans) }
    },
  },
  h2o: {
    most: (_, { ball }) => (ball ? 0 : h2oSequences.length),
    async write(_, dir, { clips, seed, flaws, ...options }) {
      const truth = h2oTruth({ sequences: clips, seed, cameras: 'all', flaws })
      return { ...await writeH2oTwin(dir, truth, options), frames: total(truth.sequences) }
    },
  },
}

/** Files and bytes below a folder, but for the mark of a twin. */
function sizeOf(dir: string): { files: number; bytes: number } {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile() && file.name !== TWIN_FILE)
  return { files: files.length, bytes: files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0) }
}

function total(recordings: readonly { readonly frames: number }[]): number {
  return recordings.reduce((sum, { frames }) => sum + frames, 0)
}
