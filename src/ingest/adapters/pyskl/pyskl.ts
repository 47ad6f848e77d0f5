import type { DatasetEntry } from '../../../catalog.ts'
import type { Clip } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Skeleton } from '../../../skeleton.ts'
import type { Adapter, AdapterContext, FilmRead, Plan, PlanItem } from '../../adapter.ts'
import { isQuarantined, orQuarantined, type RawFolder } from '../../raw-folder.ts'
import { ntuGroup, ntuPlace, parseNtuName } from '../ntu/ntu-name.ts'
import { type PysklAnnotation, toPysklAnnotation } from './pyskl-annotation.ts'
import { openPyskl, placeOf, type PysklFile } from './pyskl-file.ts'
import { pysklKeypoints } from './pyskl-keypoints.ts'

/** Which entry of the annotation file. */
type PysklFacts = { readonly index: number }

/** PYSKL's and MMAction2's annotation files: one `.pkl` in RAW_DIR, one clip per entry, of whichever skeleton of the data set has as many joints. */
export const pyskl: Adapter<PysklFacts> = {
  filmsPerShard: 256,
  discover: async (context) => discoverPyskl(context),
  read: async (context, item) => readEntry(context, item),
}

function discoverPyskl({ entry, raw }: Omit<AdapterContext, 'scratch'>): Plan<PysklFacts> {
  const path = findPickle(raw)
  const { entries, splits, quarantined } = openPyskl(raw, path)
  const items = [...entries].map(([index, { name }]) => ({ id: idOf(entry, name), path, inputs: [path], facts: { index } }))
  const others = raw.list('').map(({ name }) => name).filter((other) => other !== path)
  return {
    items: items.sort((a, b) => (a.id < b.id ? -1 : 1)), hasFrames: false, quarantined, missing: splits.missing,
    complete: entries.size === entry.counts?.recordings,
    ignored: [...others, ...splits.ignored.map((list) => `${path}#split[${list}]`)].sort(),
  }
}

/** Names clips as the file does; `#` would part a film from its source, so that it and the sign that escapes it are written as in an address. */
function idOf({ name: dataset }: DatasetEntry, name: string): string {
  return `${dataset}/${name.replaceAll(/[%#]/g, encodeURIComponent)}`
}

function findPickle(raw: RawFolder): string {
  const pickles = raw.list('').filter(({ name, isFolder }) => !isFolder && /\.(?:pkl|pickle)$/.test(name)).map(({ name }) => name)
  const [path] = pickles
  if (path === undefined) {
    throw new ToolkitError('E_RAW_EMPTY', `no annotation file (ntu60_hrnet.pkl, ...) in ${raw.dir}`, { hint: 'RAW_DIR is the folder of the .pkl' })
  }
  if (pickles.length > 1) {
    throw new ToolkitError('E_PYSKL_SEVERAL', `${pickles.length} annotation files in ${raw.dir}: ${pickles.join(', ')}`, {
      hint: 'one data set is one file: give each a folder of its own' })
  }
  return path
}

function readEntry(context: AdapterContext, { id, path, facts: { index } }: PlanItem<PysklFacts>): FilmRead {
  const nothing = { clips: [], images: null, proxy: null }
  const file = orQuarantined(path, null, () => openPyskl(context.raw, path))
  if (isQuarantined(file)) return { ...nothing, quarantined: [file] }
  const source = file.source(index)
  const clip = orQuarantined(`${path}#${placeOf(index)}`, null, () => toClip(context, file, { id, index }))
  return isQuarantined(clip) ? { ...nothing, quarantined: [{ ...clip, sha256: source.sha256 }] } : { ...nothing, clips: [clip], quarantined: [] }
}

function toClip({ entry, fps }: AdapterContext, file: PysklFile, { id, index }: { id: string; index: number }): Clip {
  const found = file.entries.get(index)
  if (found === undefined || idOf(entry, found.name) !== id) {
    throw new ToolkitError('E_PYSKL_CHANGED', `the file changed while it was read: ${placeOf(index)} is not ${id}`)
  }
  const annotation = toPysklAnnotation(found.entry)
  const { shape: { persons, frames, joints, dims }, width, height } = annotation
  const skeleton = skeletonOf(entry, annotation)
  const { flags, ...keypoints } = pysklKeypoints(annotation, { isYUp: dims === 3 && skeleton.name === KINECT })
  const { sides, officialSplit, flags: splitFlags } = file.splits.sidesOf(found.name)
  const ntu = parseNtuName(found.name)
  const action = actionOf(entry, annotation)
  return {
    id, dataset: entry.name, group: ntu === null ? id : ntuGroup(id), skeleton: skeleton.name, source: entry.source, fps: fps ?? entry.fps, width, height,
    frames, persons: Math.max(1, persons), joints, dims, unit: dims === 3 ? 'm' : 'px',
    ...keypoints,
    time: new Float32Array(frames).map((_, frame) => frame),
    boxes: null, signals: null, calibration: null,
    labels: {
      action, officialSplit, sides, view: null, subject: null, scene: null, camera: null, ...(ntu === null ? {} : ntuPlace(ntu)), phases: null,
      segments: action === null ? [] : [{ track: 'action', start: 0, end: frames, label: action, number: annotation.label }],
    },
    flags: [...annotation.flags, ...flags, ...splitFlags].sort(),
    files: [file.source(index)],
  }
}

/** Its clips are the device's own coordinates, whose y points up. */
const KINECT = 'ntu-25'

function skeletonOf({ skeletons }: DatasetEntry, { shape: { joints } }: PysklAnnotation): Skeleton {
  const skeleton = skeletons.find((skeleton) => skeleton.joints.length === joints)
  if (skeleton !== undefined) return skeleton
  const known = skeletons.map((skeleton) => `${skeleton.name} (${skeleton.joints.length})`).join(', ')
  throw new ToolkitError('E_PYSKL_JOINTS', `${joints} joints; the data set's skeletons have others: ${known}`, {
    hint: 'describe the skeleton in a catalog file and name it under otherSkeletons' })
}

function actionOf({ classes }: DatasetEntry, { label }: PysklAnnotation): string | null {
  return label === null ? null : classes['action']?.[label] ?? `class ${label}`
}
