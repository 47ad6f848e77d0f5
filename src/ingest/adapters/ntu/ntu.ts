import { basename } from 'node:path'
import type { DatasetEntry } from '../../../catalog.ts'
import type { Clip, Quarantined } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Adapter, AdapterContext, FilmRead, Plan, PlanItem } from '../../adapter.ts'
import { isQuarantined, orQuarantined, type RawFile, type RawFolder, slashed, sourceOf } from '../../raw-folder.ts'
import { ntuKeypoints, ntuPersons } from './ntu-keypoints.ts'
import { ntuGroup, type NtuName, ntuPlace, ntuSides, numbered, parseNtuName } from './ntu-name.ts'
import { NTU_JOINTS, readNtuText } from './ntu-text.ts'

/** NTU RGB+D: `SsssCcccPpppRrrrAaaa.skeleton`, in any folders. A sequence is two clips: `#3d` in metres of the camera, `#2d` in px of its colour image. */
export const ntu: Adapter<null> = {
  filmsPerShard: 256,
  discover: async (context) => discoverNtu(context),
  read: async (context, item) => readNtu(context, item),
}

const KEEP_ONE = 'keep one of the two'
const SUFFIX = '.skeleton'
/** px of the colour stream. */
const [WIDTH, HEIGHT] = [1920, 1080]

function discoverNtu({ entry, raw }: Omit<AdapterContext, 'scratch'>): Plan<null> {
  checkSkeleton(entry)
  const paths = filesUnder(raw, '')
  const found = paths.filter((path) => path.endsWith(SUFFIX))
  if (found.length === 0) {
    throw new ToolkitError('E_RAW_EMPTY', `no skeleton files (S001C001P001R001A001.skeleton, ...) in ${raw.dir}`,
      { hint: 'RAW_DIR is the unpacked folder nturgb+d_skeletons, or a folder around it' })
  }
  const byName = new Map<string, string>()
  const quarantined: Quarantined[] = []
  for (const path of found) {
    const name = basename(path, SUFFIX)
    const other = byName.get(name)
    if (other === undefined) byName.set(name, path)
    else quarantined.push({ source: path, code: 'E_NTU_TWICE', message: `there is ${other} already`, offset: null, sha256: null, readmit: KEEP_ONE })
  }
  const items = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, path]) => ({ id: `${entry.name}/${name}`, path, inputs: [path], facts: null }))
  return {
    items, quarantined, hasFrames: false, missing: [], ignored: paths.filter((path) => !path.endsWith(SUFFIX)).sort(),
    complete: groupsOf(byName.keys()) === entry.counts?.recordings,
  }
}

function checkSkeleton({ name, skeleton }: DatasetEntry): void {
  if (skeleton.joints.length === NTU_JOINTS) return
  const has = `the skeleton ${skeleton.name} of ${skeleton.joints.length} joints`
  throw new ToolkitError('E_NTU_SKELETON', `the data set "${name}" has ${has}, .skeleton files have ${NTU_JOINTS}`,
    { hint: 'ntu-25 names them in their order' })
}

function filesUnder(raw: RawFolder, folder: string): string[] {
  return raw.list(folder).flatMap(({ name, isFolder }) => (isFolder ? filesUnder(raw, slashed(folder, name)) : [slashed(folder, name)]))
}

/** Recordings: what three cameras saw of one performance. */
function groupsOf(names: Iterable<string>): number {
  return new Set([...names].map(ntuGroup)).size
}

function readNtu({ entry, raw, fps }: AdapterContext, { id, path }: PlanItem<null>): FilmRead {
  const nothing = { clips: [], images: null, proxy: null }
  const file = orQuarantined(path, null, () => raw.read(path))
  if (isQuarantined(file)) return { ...nothing, quarantined: [file] }
  const clips = orQuarantined(path, file, () => toClips(entry, fps ?? entry.fps, id, file))
  return isQuarantined(clips) ? { ...nothing, quarantined: [clips] } : { ...nothing, clips, quarantined: [] }
}

function toClips(entry: DatasetEntry, fps: number | null, film: string, file: RawFile): Clip[] {
  const name = nameOf(file.path)
  const text = readNtuText(file.bytes)
  if (text.frames === 0) throw new ToolkitError('E_NTU_EMPTY', 'the file says that it has 0 frames')
  const persons = ntuPersons(text)
  const action = numbered('A', name.action)
  return (['2d', '3d'] as const).map((space) => {
    const { flags, ...keypoints } = ntuKeypoints(text, persons, space)
    return {
      id: `${film}#${space}`, dataset: entry.name, group: ntuGroup(film), skeleton: entry.skeleton.name, source: entry.source, fps,
      width: WIDTH, height: HEIGHT, frames: text.frames, persons: persons.persons, joints: NTU_JOINTS,
      ...(space === '3d' ? { dims: 3, unit: 'm' } : { dims: 2, unit: 'px' }),
      ...keypoints,
      time: new Float32Array(text.frames).map((_, frame) => frame),
      boxes: null, signals: null, calibration: null,
      labels: {
        action, officialSplit: null, sides: ntuSides(name), ...ntuPlace(name), phases: null,
        segments: [{ track: 'action', start: 0, end: text.frames, label: action, number: name.action }, ...persons.segments],
      },
      flags: [...persons.flags, ...flags].sort(),
      files: [sourceOf(file, 'keypoints')],
    }
  })
}

function nameOf(path: string): NtuName {
  const name = parseNtuName(basename(path, SUFFIX))
  if (name === null) {
    throw new ToolkitError('E_NTU_NAME',
      `${basename(path)} is not named after setup, camera, performer, replication and action, such as S001C001P001R001A001.skeleton`)
  }
  return name
}
