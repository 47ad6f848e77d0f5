import type { Camera } from '../../camera.ts'
import type { Clip, Quarantined, SourceRef } from '../../clip.ts'
import type { Adapter, AdapterContext, FilmRead, PlanItem } from '../adapter.ts'
import { isQuarantined, orQuarantined, type RawFolder, sourceOf } from '../raw-folder.ts'
import { readNumbers } from '../readers/number-text.ts'
import { readImages } from './film-images.ts'
import { discoverH2o, type H2oFacts } from './h2o-discover.ts'
import { readFrames } from './h2o-files.ts'
import { handFlags, handsIn2d, handsIn3d } from './h2o-hands.ts'
import { disagreementEntry, h2oSegments } from './h2o-segments.ts'
import { h2oSignals } from './h2o-signals.ts'

/**
 * H2O: text files of every frame, lists of actions and poses, pictures of cam4. A film gives two clips: `#3d`, 42 joints in metres with MANO, object and camera
 * as signals, and `#2d`, the same joints projected into the image.
 */
export const h2o: Adapter<H2oFacts> = {
  filmsPerShard: 32,
  discover: async (context) => discoverH2o(context),
  read: async (context, item) => readH2o(context, item),
}

/** px of the pictures that the intrinsics are about, where the file does not say. */
const [WIDTH, HEIGHT] = [1280, 720]

function readH2o(context: AdapterContext, { id, path, facts }: PlanItem<H2oFacts>): FilmRead {
  const { entry, raw, fps } = context
  const numbers = readFrames(raw, facts.folders, facts.frames)
  const { frames } = numbers
  const camera = readCamera(raw, facts.intrinsics)
  if (frames === 0) return { clips: [], images: null, proxy: null, quarantined: [...numbers.quarantined, nothingThere(path)] }
  const { segments, disagreement } = h2oSegments(entry, facts, numbers)
  const film = facts.pictures === null ? null : readImages(context, { folder: facts.pictures, first: 0, width: null, height: null }, frames)
  const [subject, scene] = facts.sequence.split('/')
  const flags = [
    ...numbers.flags.filter((flag) => flag !== 'frame-count-mismatch'), ...(facts.isSideByRule ? ['split-by-rule'] : []), ...(disagreement === null ? [] : ['labels-disagree']),
    ...(numbers.flags.includes('frame-count-mismatch') || (film !== null && film.count !== frames) ? ['frame-count-mismatch'] : [])]
  const shared = {
    dataset: entry.name, group: `${entry.name}/${facts.sequence}`, skeleton: entry.skeleton.name, fps: fps ?? entry.fps, frames, persons: 1, joints: entry.skeleton.joints.length,
    width: camera.found?.width ?? WIDTH, height: camera.found?.height ?? HEIGHT, time: Float32Array.from({ length: frames }, (_, frame) => frame), boxes: null, calibration: camera.found,
    labels: {
      action: null, officialSplit: facts.side, sides: {}, view: null, subject: subject!, scene: scene!, camera: facts.camera, phases: null, segments },
  }
  const { sources } = numbers
  const common = [...camera.source, ...facts.lists, ...sources.action_label, ...sources.verb_label, ...sources.obj_pose]
  const spatial = handsIn3d(numbers.values.hand_pose)
  const clips: Clip[] = [{
    ...shared, ...spatial, id: `${id}#3d`, dims: 3, unit: 'm', source: facts.source, signals: h2oSignals(numbers),
    flags: [...flags, ...handFlags(spatial, frames)].sort(),
    files: [...common, ...sources.cam_pose, ...sources.hand_pose, ...sources.hand_pose_mano, ...sources.obj_pose_rt],
  }]
  if (camera.found !== null) {
    const { outside, ...flat } = handsIn2d(numbers.values.hand_pose, camera.found)
    clips.unshift({
      ...shared, ...flat, id: `${id}#2d`, dims: 2, unit: 'px', source: facts.source === 'synthetic' ? 'synthetic' : 'projection', signals: null,
      flags: [...flags, ...handFlags(flat, frames), ...(outside ? ['joints-outside-image'] : [])].sort(), files: [...common, ...sources.hand_pose],
    })
  }
  const disagreements = disagreement === null ? [] : [disagreementEntry(facts.folders.action_label!, disagreement)]
  return { clips, images: film?.images ?? null, proxy: null, quarantined: [...numbers.quarantined, ...camera.quarantined, ...(film?.quarantined ?? []), ...disagreements] }
}

/** `fx fy cx cy width height`; the pictures are undistorted, the camera's place is in the signals. Without it there is no projection. */
function readCamera(raw: RawFolder, path: string | null): { found: Camera | null; source: SourceRef[]; quarantined: Quarantined[] } {
  if (path === null) return { found: null, source: [], quarantined: [] }
  const file = orQuarantined(path, null, () => raw.read(path))
  if (isQuarantined(file)) return { found: null, source: [], quarantined: [file] }
  const numbers = orQuarantined(path, file, () => readNumbers(file.bytes, 6))
  if (isQuarantined(numbers)) return { found: null, source: [], quarantined: [numbers] }
  const [fx, fy, cx, cy, width, height] = numbers as unknown as [number, number, number, number, number, number]
  return { found: { fx, fy, cx, cy, width, height, distortion: [], rotation: null, translation: null, unit: null }, source: [sourceOf(file, 'camera')], quarantined: [] }
}

function nothingThere(source: string): Quarantined {
  return { source, code: 'E_H2O_EMPTY', message: 'none of its folders holds a file of a frame', offset: null, sha256: null, readmit: 'extract the archive again and run the same ingest' }
}
