import jpeg from 'jpeg-js'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type MatInput, writeMat } from '../../../src/ingest/synthetic/penn-action/mat-writer.ts'
import { writeNpy } from '../../../src/ingest/synthetic/npy-writer.ts'

/** A folder laid out like the download, out of paths and what lies there. */
export function rawFolder(files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-penn-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/** A label file of 4 frames of a pull-up, joint j of frame t at (10 j + 20, 5 t + 30), with other variables in place of its own; null leaves one out. */
export function labelFile(changes: Readonly<Record<string, MatInput | null>> = {}): Buffer {
  const [frames, joints] = [4, 13]
  const grid = (at: (frame: number, joint: number) => number): number[] => Array.from({ length: frames * joints },
    (_, cell) => at(cell % frames, Math.floor(cell / frames)))
  const own: Record<string, MatInput> = {
    action: text('action', 'pullup'),
    pose: text('pose', 'front'),
    x: double('x', [frames, joints], grid((_, joint) => 10 * joint + 20)),
    y: double('y', [frames, joints], grid((frame) => 5 * frame + 30)),
    visibility: { name: 'visibility', kind: 'logical', dims: [frames, joints], values: grid(() => 1) },
    train: { name: 'train', kind: 'int32', dims: [1, 1], values: [-1] },
    bbox: double('bbox', [frames, 4], [5, 5, 5, 5, 6, 6, 6, 6, 150, 150, 150, 150, 200, 200, 200, 200]),
    dimensions: double('dimensions', [1, 3], [270, 480, frames]),
    nframes: double('nframes', [1, 1], [frames]),
  }
  return writeMat(Object.values({ ...own, ...changes }).filter((variable) => variable !== null), 'MATLAB 5.0 MAT-file, made by a test')
}

export function double(name: string, dims: readonly [number, number], values: readonly number[]): MatInput {
  return { name, kind: 'double', dims, values }
}

export function text(name: string, text: string): MatInput {
  return { name, kind: 'text', text }
}

const picture = jpeg.encode({ width: 480, height: 270, data: new Uint8Array(480 * 270 * 4) }, 50).data

/** Frame files of 480 x 270 px, 1 .. count of a video, but those in `without`. */
export function frameFiles(video: string, count: number, without: readonly number[] = []): Record<string, Uint8Array> {
  const numbers = Array.from({ length: count }, (_, at) => at + 1).filter((number) => !without.includes(number))
  return Object.fromEntries(numbers.map((number) => [`frames/${video}/${String(number).padStart(6, '0')}.jpg`, picture]))
}

/** A phase file of a pull-up. */
export function phaseFile(phases: readonly number[], place = 'val/pullups/0001.npy'): Record<string, Uint8Array> {
  return { [`penn_action_labels/${place}`]: writeNpy(phases) }
}
