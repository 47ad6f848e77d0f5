import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatasetEntry } from '../../catalog.ts'
import { ToolkitError } from '../../errors.ts'
import type { DiscoverOptions, Plan, PlanItem } from '../adapter.ts'

/** A twin says so in this file beside `labels/`: it is never mistaken for the download. */
export const TWIN_FILE = 'posetta-twin.json'

/** Looks at names only: which videos have labels, which of them frames and phases, and whether that is the whole download. */
export function discoverPenn(entry: DatasetEntry, rawDir: string, { frames, fps }: DiscoverOptions): Plan {
  const { root, labels } = findLabels(rawDir)
  const names = readdirSync(join(rawDir, labels)).sort()
  const files = names.filter((name) => name.endsWith('.mat') && !name.startsWith('.'))
  if (files.length === 0) throw noLabels(rawDir)
  const hasFrames = existsSync(join(rawDir, root, 'frames'))
  if (frames === 'reference' && !hasFrames) {
    throw new ToolkitError('E_RAW_FRAMES', `no folder frames in ${join(rawDir, root)}`, { hint: 'leave --frames out to ingest the labels alone' })
  }
  const { phases, ignored } = findPhases(rawDir, root)
  const isTwin = existsSync(join(rawDir, root, TWIN_FILE))
  const items = files.map((name): PlanItem => {
    const video = name.slice(0, -'.mat'.length)
    return {
      id: `${entry.name}/${video}`, path: slashed(labels, name),
      frames: hasFrames && frames !== 'none' ? slashed(root, 'frames', video) : null,
      phases: phases.get(video) ?? null,
      fps: fps ?? entry.fps,
      source: isTwin ? 'synthetic' : entry.source,
    }
  })
  return {
    items, hasFrames, hasPhases: phases.size > 0,
    complete: !isTwin && isComplete(entry, new Set(files)),
    ignored: [...names.filter((name) => !files.includes(name)).map((name) => slashed(labels, name)), ...ignored].sort(),
  }
}

/** The folder of the label files: RAW_DIR/labels, RAW_DIR/Penn_Action/labels, or RAW_DIR itself. */
function findLabels(rawDir: string): { root: string; labels: string } {
  if (!existsSync(rawDir)) throw new ToolkitError('E_RAW_MISSING', `no folder ${rawDir}`)
  if (!statSync(rawDir).isDirectory()) throw new ToolkitError('E_RAW_MISSING', `${rawDir} is a file, not the folder of the download`)
  for (const root of ['', 'Penn_Action']) {
    const labels = slashed(root, 'labels')
    if (existsSync(join(rawDir, labels))) return { root, labels }
  }
  if (readdirSync(rawDir).some((name) => /^\d{4}\.mat$/.test(name))) return { root: '', labels: '' }
  throw noLabels(rawDir)
}

function noLabels(rawDir: string): ToolkitError {
  return new ToolkitError('E_RAW_EMPTY', `no label files (labels/0001.mat, ...) in ${rawDir}`,
    { hint: 'RAW_DIR is the unpacked folder Penn_Action, or the folder it lies in' })
}

/** Phase files by video, and what else lies among them. Two files for one video would put it on two sides. */
function findPhases(rawDir: string, root: string): { phases: Map<string, string>; ignored: string[] } {
  const phases = new Map<string, string>()
  const ignored: string[] = []
  const folder = ['', root].map((base) => slashed(base, 'penn_action_labels')).find((path) => existsSync(join(rawDir, path)))
  for (const path of folder === undefined ? [] : filesUnder(rawDir, folder)) {
    const video = /^(?:train|val)\/[^/]+\/(\d{4})\.npy$/.exec(path.slice(folder!.length + 1))?.[1]
    if (video === undefined) {
      ignored.push(path)
      continue
    }
    const other = phases.get(video)
    if (other !== undefined) throw new ToolkitError('E_PENN_PHASES', `phase labels of video ${video} twice: ${other} and ${path}`, { hint: 'keep one of them' })
    phases.set(video, path)
  }
  return { phases, ignored }
}

function filesUnder(rawDir: string, folder: string): string[] {
  return readdirSync(join(rawDir, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((file) => (file.isDirectory() ? filesUnder(rawDir, slashed(folder, file.name)) : [slashed(folder, file.name)]))
}

function isComplete({ actionEntries, counts }: DatasetEntry, files: ReadonlySet<string>): boolean {
  const ranges = actionEntries.map(({ ids }) => ids).filter((ids) => ids !== null)
  if (ranges.length < actionEntries.length) return files.size === counts.clips
  const expected = ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => `${String(first + at).padStart(4, '0')}.mat`))
  return expected.every((name) => files.has(name))
}

function slashed(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/')
}
