import type { Adapter, AdapterContext, FilmRead, PlanItem } from '../../adapter.ts'
import { quarantinedBy } from '../../raw-folder.ts'
import { discoverPoses, poseLayout, type PoseFacts } from './pose-json-discover.ts'
import { posePersons } from './pose-json-persons.ts'
import { readPoseFiles } from './pose-json-read.ts'
import { toPoses } from '../table/table-poses.ts'
import { poseSpace, settleClip, settleFields } from '../table/table-settle.ts'

/** A user's own poses in JSON as OpenPose or COCO have them, as the catalog's `layout` describes them: a file per frame, or, of COCO's, per clip. */
export const poseJson: Adapter<PoseFacts> = {
  filmsPerShard: 256,
  discover: discoverPoses,
  read: async (context, item) => readPoseClip(context, item),
}

/** One clip: its files by frame. A file that cannot be read is a gap, and set aside; what is said about the clip as a whole must hold. */
function readPoseClip(context: AdapterContext, { id, path, facts }: PlanItem<PoseFacts>): FilmRead {
  const nothing = { clips: [], images: null, proxy: null }
  const { frames, files, quarantined } = readPoseFiles(context, facts)
  if (frames.length === 0 && quarantined.length > 0) return { ...nothing, quarantined }
  try {
    const { entry } = context
    const sized = frames.filter(({ width, height }) => width !== null && height !== null)
    const { width, height } = sized[0] ?? { width: null, height: null }
    const fields = settleFields(entry, { id, facts, values: new Map(), size: { width, height } })
    const { samples, arePersonsNamed, areLeftOut, boxes } = posePersons(frames, poseLayout(entry).persons)
    const space = poseSpace(entry, fields, { dims: 2, arePersonsNamed, seen: new Set(frames.map(({ frame }) => frame)) })
    const poses = toPoses(samples, space)
    const flags = [
      ...poses.flags,
      ...(sized.some((frame) => frame.width !== width || frame.height !== height) ? ['frame-size-mismatch'] : []),
      ...(quarantined.length > 0 ? ['frames-unreadable'] : []),
      ...(areLeftOut ? ['persons-left-out'] : []),
    ]
    const settled = settleClip(context, { id, facts }, { poses: { ...poses, flags }, fields, boxes: boxes(poses.frames, space.scale), files })
    return { ...nothing, clips: [settled.clip], quarantined: [...quarantined, ...settled.quarantined] }
  } catch (error) {
    return { ...nothing, quarantined: [...quarantined, quarantinedBy(error, `${path}#${facts.clip}`)] }
  }
}
