import type { Clip, Quarantined } from '../../../clip.ts'
import type { Adapter, AdapterContext, FilmRead, PlanItem } from '../../adapter.ts'
import { isQuarantined, orQuarantined } from '../../raw-folder.ts'
import { readImages } from '../film-images.ts'
import { type H2oCamera, readCamera } from './h2o-camera.ts'
import { discoverH2o, type H2oFacts } from './h2o-discover.ts'
import { type H2oNumbers, readFrames } from './h2o-files.ts'
import { kinds } from './h2o-folders.ts'
import { handFlags, handsIn2d, handsIn3d } from './h2o-hands.ts'
import { disagreementOf, h2oSegments } from './h2o-segments.ts'
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
  const { entry, raw } = context
  const numbers = orQuarantined(path, null, () => readFrames(raw, facts, entry))
  if (isQuarantined(numbers)) return { clips: [], images: null, proxy: null, quarantined: [numbers] }
  const aside = [...facts.twice.map(foundTwice), ...kinds.flatMap((kind) => numbers.series[kind].quarantined)]
  if (numbers.frames === 0) return { clips: [], images: null, proxy: null, quarantined: [...aside, nothingThere(path)] }
  const camera = readCamera(raw, facts)
  const disagreement = disagreementOf(facts, numbers)
  const film = facts.pictures === null ? null : readImages(context, { folder: facts.pictures, first: 0, width: null, height: null }, numbers.frames)
  const flags = [
    ...(film?.flags ?? []),
    ...(aside.length + (film?.quarantined.length ?? 0) > 0 ? ['frames-quarantined'] : []),
    ...(numbers.isUneven || (film !== null && (film.count !== numbers.frames || film.astray > 0)) ? ['frame-count-mismatch'] : []),
    ...(facts.isSideByRule ? ['split-by-rule'] : []), ...(disagreement === null ? [] : ['labels-disagree'])]
  return {
    clips: clipsOf(context, { id, facts, numbers, camera, flags }), images: film?.images ?? null, proxy: null,
    quarantined: [...aside, ...camera.quarantined, ...(film?.quarantined ?? []), ...(disagreement === null ? [] : [disagreement])],
  }
}

type Parts = { readonly id: string; readonly facts: H2oFacts; readonly numbers: H2oNumbers; readonly camera: H2oCamera; readonly flags: readonly string[] }

function clipsOf({ entry, fps }: AdapterContext, { id, facts, numbers, camera: { camera, sources }, flags }: Parts): Clip[] {
  const { frames, series } = numbers
  const [subject, scene] = facts.sequence.split('/') as [string, string]
  const shared = {
    dataset: entry.name, group: `${entry.name}/${facts.sequence}`, skeleton: entry.skeleton.name, fps: fps ?? entry.fps, frames, persons: 1,
    joints: entry.skeleton.joints.length,
    width: camera?.width ?? WIDTH, height: camera?.height ?? HEIGHT, time: Float32Array.from({ length: frames }, (_, frame) => frame), boxes: null,
    calibration: camera,
    labels: {
      action: null, officialSplit: facts.side, sides: {}, view: null, subject, scene, camera: facts.camera, phases: null,
      segments: h2oSegments(entry, facts, numbers),
    },
  }
  const files = [...sources, ...facts.lists, ...(['action_label', 'verb_label', 'obj_pose', 'hand_pose'] as const).flatMap((kind) => series[kind].sources)]
  const spatial = handsIn3d(series.hand_pose.values)
  const inSpace: Clip = {
    ...shared, ...spatial, id: `${id}#3d`, dims: 3, unit: 'm', source: facts.source, signals: h2oSignals(numbers),
    flags: [...flags, ...handFlags(spatial, frames, null)].sort(),
    files: [...files, ...(['hand_pose_mano', 'obj_pose_rt', 'cam_pose'] as const).flatMap((kind) => series[kind].sources)],
  }
  if (camera === null) return [inSpace]
  const flat = handsIn2d(series.hand_pose.values, camera)
  const inImage: Clip = {
    ...shared, ...flat, id: `${id}#2d`, dims: 2, unit: 'px', source: facts.source === 'synthetic' ? 'synthetic' : 'projection', signals: null,
    flags: [...flags, ...handFlags(flat, frames, camera)].sort(), files,
  }
  return [inImage, inSpace]
}

function foundTwice([first, second]: readonly [string, string]): Quarantined {
  return {
    source: second, code: 'E_H2O_TWICE', message: `${first} and ${second} are the same folder of the data set, with files of different names; neither is read`,
    offset: null, sha256: null,
    readmit: 'remove one of the two folders and run the same ingest again' }
}

function nothingThere(source: string): Quarantined {
  return { source, code: 'E_H2O_EMPTY', message: 'none of its folders holds a file of a frame', offset: null, sha256: null,
    readmit: 'extract the archive again and run the same ingest' }
}
