import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export type PennFrames = { readonly paths: readonly string[] | null; readonly flags: readonly string[] }

/**
 * The frame files of one video beside its `frames` rows of labels: file i + 1 belongs to row i. The first gap ends them, and a clip is as long as the shorter
 * of the two.
 * No file at all leaves the labels as they are.
 */
export function listPennFrames(rawDir: string, folder: string, frames: number): PennFrames {
  const names = numberedFiles(join(rawDir, folder))
  let images = 0
  while (names.has(images + 1)) images++
  if (images === 0) return { paths: null, flags: ['frames-missing'] }
  const paths = Array.from({ length: Math.min(images, frames) }, (_, frame) => `${folder}/${names.get(frame + 1)!}`)
  return { paths, flags: names.size === frames && images === frames ? [] : ['frame-count-mismatch'] }
}

function numberedFiles(folder: string): Map<number, string> {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return new Map()
  }
  return new Map(names.filter((name) => /^\d{6}\.jpe?g$/i.test(name)).map((name) => [Number(name.slice(0, 6)), name]))
}
