import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { writeAvi } from './ikea-avi-writer.ts'
import { type Device, devices } from './ikea-camera.ts'
import { type RecordedScan, writeIkeaDatabase } from './ikea-database.ts'
import { strike } from './ikea-flaws.ts'
import { listFiles } from './ikea-lists.ts'
import { DRAWN, drawFilm } from './ikea-pictures.ts'
import { poseFiles, type RawOut, six, summaryFile } from './ikea-pose-files.ts'
import type { IkeaScan, IkeaTruth } from './ikea-truth.ts'

export { ikeaTruth, type IkeaTruth } from './ikea-truth.ts'

export type IkeaTwinOptions = {
  /** JPEG stick figures, `images/000000.jpg`. */
  readonly frames: boolean
  /** The same as `images/scan_video.avi`. */
  readonly video: boolean
  readonly signal?: AbortSignal
  /** Scans written, of all. */
  readonly onProgress?: (done: number, total: number) => void
}

const FPS = 25

/**
 * Writes a twin of IKEA ASM in the layout of its downloads: lists, database, labels, calibration and poses, with pictures if asked for. The same bytes for the
 * same truth; over an older twin in `dir`, files of the same names are replaced.
 */
export async function writeIkeaTwin(dir: string, truth: IkeaTruth, options: IkeaTwinOptions): Promise<{ files: number; bytes: number }> {
  const { frames, video, signal, onProgress } = options
  const written = { files: 0, bytes: 0 }
  const struck = new Map(truth.flaws.map((flaw) => [flaw.path, flaw]))
  const write = ([path, found]: RawOut): void => {
    const flaw = struck.get(path)
    const bytes = flaw === undefined ? found : strike(flaw, found)
    if (bytes === null) return
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), bytes)
    written.files++
    written.bytes += bytes.length
  }
  for (const file of listFiles(truth)) write(file)
  written.files++
  written.bytes += writeDatabase(join(dir, 'ikea_annotation_db_full'), truth)
  for (const [done, scan] of truth.scans.entries()) {
    for (const device of devices) {
      await setImmediate()
      signal?.throwIfAborted()
      for (const file of poseFiles(scan, device)) write(file)
      if (frames || video) for (const file of pictureFiles(truth.seed, scan, device, { frames, video })) write(file)
    }
    for (const flaw of truth.flaws) if (flaw.kind === 'summary-file' && flaw.scan === scan.path) write([flaw.path, summaryFile(scan)])
    onProgress?.(done + 1, truth.scans.length)
  }
  return written
}

/** The scan that is in no list stands among the others, as it does in the published file. */
function writeDatabase(file: string, { scans, unlisted }: IkeaTruth): number {
  const recorded = scans.map((scan): RecordedScan => ({ ...scan, cameras: devices }))
  rmSync(file, { force: true })
  writeIkeaDatabase(file, unlisted === null ? recorded : recorded.toSpliced(1, 0, unlisted))
  return statSync(file).size
}

function* pictureFiles(seed: number, scan: IkeaScan, device: Device, { frames, video }: Pick<IkeaTwinOptions, 'frames' | 'video'>): Generator<RawOut> {
  const pictures = [...drawFilm(seed, scan, device)]
  const dir = `${scan.path}/${device}/images`
  if (frames) for (const [frame, jpeg] of pictures.entries()) yield [`${dir}/${six(frame)}.jpg`, jpeg]
  if (video) yield [`${dir}/scan_video.avi`, writeAvi(pictures, { ...DRAWN, fps: FPS })]
}
