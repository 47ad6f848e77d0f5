import { basename } from 'node:path'
import type { DatasetEntry } from '../../../catalog.ts'
import type { Clip } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Adapter, AdapterContext, FilmRead, Plan, PlanItem } from '../../adapter.ts'
import { isQuarantined, orQuarantined, type RawFile, slashed, sourceOf } from '../../raw-folder.ts'
import { parseJson } from '../../readers/json-file.ts'
import { toUclaSequence, UCLA_JOINTS, uclaKeypoints } from './nw-ucla-sequence.ts'

/** Northwestern-UCLA Multiview Action 3D as CTR-GCN distributes it: `all_sqe/aAA_sSS_eEE_vVV.json`, one clip each. */
export const nwUcla: Adapter<null> = {
  filmsPerShard: 256,
  discover: async (context) => discoverUcla(context),
  read: async (context, item) => readUcla(context, item),
}

/** The ten actions; a label is the rank, from 1, of the number in the name. */
const actions = new Map([['01', 'pick up with one hand'], ['02', 'pick up with two hands'], ['03', 'drop trash'], ['04', 'walk around'], ['05', 'sit down'],
  ['06', 'stand up'], ['08', 'donning'], ['09', 'doffing'], ['11', 'throw'], ['12', 'carry']])
const TEST_VIEW = '03'
/** px of the colour stream of a Kinect v1; the files do not say. */
const [WIDTH, HEIGHT] = [640, 480]

function discoverUcla({ entry, raw }: Omit<AdapterContext, 'scratch'>): Plan<null> {
  checkSkeleton(entry)
  const folder = ['all_sqe', 'NW-UCLA/all_sqe', ''].find((path) => raw.list(path).some(({ name }) => isSequence(name)))
  if (folder === undefined) {
    throw new ToolkitError('E_RAW_EMPTY', `no sequences (all_sqe/a01_s01_e00_v01.json, ...) in ${raw.dir}`,
      { hint: 'RAW_DIR is the unpacked folder NW-UCLA, or the folder all_sqe in it' })
  }
  const names = raw.list(folder).filter(({ isFolder }) => !isFolder).map(({ name }) => name)
  const files = names.filter((name) => name.endsWith('.json'))
  const items = files.map((name) => ({ name, path: slashed(folder, name) }))
    .map(({ name, path }) => ({ id: `${entry.name}/${name.slice(0, -'.json'.length)}`, path, inputs: [path], facts: null }))
  return {
    items: items.sort((a, b) => (a.id < b.id ? -1 : 1)), hasFrames: false, quarantined: [], missing: [],
    complete: new Set(files.map(groupOf)).size === entry.counts?.recordings,
    ignored: names.filter((name) => !files.includes(name)).map((name) => slashed(folder, name)),
  }
}

function checkSkeleton({ name, skeleton }: DatasetEntry): void {
  if (skeleton.joints.length === UCLA_JOINTS) return
  const has = `the skeleton ${skeleton.name} of ${skeleton.joints.length} joints`
  throw new ToolkitError('E_UCLA_SKELETON', `the data set "${name}" has ${has}, the files have ${UCLA_JOINTS}`, { hint: 'ucla-20 names them in their order' })
}

const pattern = /^a(\d\d)_s(\d\d)_e(\d\d)_v(\d\d)\.json$/

function isSequence(name: string): boolean {
  return pattern.test(name)
}

/** What the views of one performance share. */
function groupOf(name: string): string {
  return name.replace(/_v\d\d(?:\.json)?$/, '')
}

function readUcla({ entry, raw, fps }: AdapterContext, { id, path }: PlanItem<null>): FilmRead {
  const nothing = { clips: [], images: null, proxy: null }
  const file = orQuarantined(path, null, () => raw.read(path))
  if (isQuarantined(file)) return { ...nothing, quarantined: [file] }
  const clip = orQuarantined(path, file, () => toClip(entry, fps ?? entry.fps, id, file))
  return isQuarantined(clip) ? { ...nothing, quarantined: [clip] } : { ...nothing, clips: [clip], quarantined: [] }
}

function toClip(entry: DatasetEntry, fps: number | null, id: string, file: RawFile): Clip {
  const { action, number, subject, view } = parseName(basename(file.path))
  const sequence = toUclaSequence(parseJson(file.bytes))
  const { name, label, frames } = sequence
  if (`${name}.json` !== basename(file.path)) throw new ToolkitError('E_UCLA_NAME', `the file says that it is ${name}`)
  if (label !== number) throw new ToolkitError('E_UCLA_LABEL', `the label ${label}, by its name the action "${action}" is ${number}`)
  const side = view === TEST_VIEW ? 'test' : 'train'
  return {
    id, dataset: entry.name, group: groupOf(id), skeleton: entry.skeleton.name, source: entry.source, fps, width: WIDTH, height: HEIGHT, frames,
    persons: 1, joints: UCLA_JOINTS, dims: 3, unit: 'm',
    ...uclaKeypoints(sequence),
    time: new Float32Array(frames).map((_, frame) => frame),
    boxes: null, signals: null, calibration: null,
    labels: {
      action, officialSplit: side, sides: { 'cross-view': side }, view: `v${view}`, subject: `s${subject}`, scene: null, camera: `v${view}`, phases: null,
      segments: [{ track: 'action', start: 0, end: frames, label: action, number }],
    },
    files: [sourceOf(file, 'keypoints')],
  }
}

function parseName(name: string): { action: string; number: number; subject: string; view: string } {
  const [, code, subject, , view] = pattern.exec(name) ?? []
  if (code === undefined) throw new ToolkitError('E_UCLA_NAME', `${name} is not named after action, subject, episode and view, such as a01_s01_e00_v01.json`)
  const action = actions.get(code)
  if (action === undefined) throw new ToolkitError('E_UCLA_NAME', `${name} is of action a${code}; there are a${[...actions.keys()].join(', a')}`)
  return { action, number: [...actions.keys()].indexOf(code) + 1, subject: subject!, view: view! }
}
