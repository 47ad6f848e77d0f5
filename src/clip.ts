import type { Affine } from './affine.ts'
import type { Camera } from './camera.ts'
import type { Side } from './split.ts'

/** State of one joint in one frame: located and seen, located but hidden (confidence 0.5), not annotated (confidence 0, coordinates NaN). */
export const OBSERVED = 0
export const OCCLUDED = 1
export const ABSENT = 2

/**
 * What a raw file gave a clip: its keypoints, labels or phases, its camera, an image; `annotations` = a file about many clips, such as a database.
 */
export type SourceRole = 'keypoints' | 'label' | 'phases' | 'camera' | 'annotations'

/** A raw file a clip was made of. `path` is relative to the raw folder, with forward slashes. */
export type SourceRef = {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly role: SourceRole
  /** The clip's frame that the file is about; null = all of them (where a table has a row per frame, row = frame). */
  readonly frame: number | null
  /** Where in the file, when it holds more than this clip: `byte 1024`, `row 17`, `annotations[3]`; null = all of it. */
  readonly place: string | null
}

/** Frames [start, end) carry `label`. */
export type Segment = { readonly start: number; readonly end: number; readonly label: string }

/** A segment of one of several parallel tracks (`action`, `verb`, `object`, ...), which may overlap and leave gaps. */
export type TrackSegment = Segment & {
  readonly track: string
  /** The data set's own number of the label; null = it has none. */
  readonly number: number | null
}

export type ClipLabels = {
  readonly action: string | null
  /** The side the data set's own split puts the clip on. */
  readonly officialSplit: Side | null
  /** Sides in further published splits, by the split's name: `{ xsub: 'train', xset: 'test' }`. */
  readonly sides: Readonly<Record<string, Side>>
  readonly view: string | null
  readonly subject: string | null
  readonly scene: string | null
  readonly camera: string | null
  /** Annotated phases in order, without gaps; null = not annotated. Pseudo phases are never stored here: eval derives them. */
  readonly phases: readonly Segment[] | null
  /** What happens when, as annotated; in order of track, start, end. */
  readonly segments: readonly TrackSegment[]
}

/** Numbers beside the joints, one row per frame: camera poses, hand models, object points. */
export type Signals = {
  readonly names: readonly string[]
  /** [T, names]; NaN = not there. */
  readonly values: Float32Array
}

/** Where a clip's pictures are, for who is not to be told its name. */
export type Footage = {
  readonly dataset: string
  /** Of the clip as it is stored. */
  readonly id: string
  /** px of the recorded frame. */
  readonly width: number
  readonly height: number
  /** The moment of the recording that the clip's `time` 0, 1, ... stand for, in original frame indices; null = `time` says so itself. */
  readonly moments: Float32Array | null
}

/** One keypoint source of one recording seen by one camera. Nothing changes a clip: what transforms it returns another. */
export type Clip = {
  /** Unique over all data sets: `penn-action/0001`; where a film has several sources, the film, `#` and the source: `h2o/subject1/h1/0/cam4#3d`. */
  readonly id: string
  readonly dataset: string
  /** The recording; no split divides it. */
  readonly group: string
  /** Name of a skeleton of the catalog: `penn-13`; null = labels only, no joints. */
  readonly skeleton: string | null
  /** Frames per second; null = the data set does not say. */
  readonly fps: number | null
  /** px of the delivered frame, or of the box after a crop. */
  readonly width: number
  readonly height: number
  readonly frames: number
  readonly persons: number
  readonly joints: number
  readonly dims: 2 | 3
  /** `manual`, `keypoint-rcnn`, `openpose`, ... */
  readonly source: string
  /** What x and y (and z) count: px of the frame, continuous (pixel centres at .5), or metres or centimetres in the camera's frame. */
  readonly unit: 'px' | 'm' | 'cm'
  /** [T, M, J, dims + 1]: x right, y down (, z forward), then confidence 0..1; flag `y-up` where a device's own space has y up. Absent joints are NaN with confidence 0. null = labels only. */
  readonly keypoints: Float32Array | null
  /** [T, M, J] of OBSERVED, OCCLUDED, ABSENT. */
  readonly states: Uint8Array | null
  /** [T, M, J, dims] coordinates as the raw file has them, those of absent joints included; null once read back for training. */
  readonly raw: Float32Array | null
  /** [T] where each frame stands in the recording, in original frame indices: 0, 1, ... as ingested; transforms of time keep it. */
  readonly time: Float32Array
  /** [T, 4] person box x1 y1 x2 y2 in px, NaN where the data set has none; null = no boxes at all. */
  readonly boxes: Float32Array | null
  /** null = there are none. */
  readonly signals: Signals | null
  /** The camera that saw it, where the data set says; null = it does not. */
  readonly calibration: Camera | null
  readonly labels: ClipLabels
  /**
   * Leads from the px of the recorded frame to x and y as they are now, so that pictures can follow; absent = they are those of the recorded frame,
   * `nowhere` (NaN) = no one map does, and pictures cannot follow.
   */
  readonly placement?: Affine
  /** Absent = its pictures are found by what is said of it above. */
  readonly footage?: Footage
  /** Stable names of quirks that were handled, sorted: `box-missing-last-frame`, `joints-outside-image`, `no-observed-joint`, ... */
  readonly flags: readonly string[]
  /** Provenance: every raw file this clip was read from. */
  readonly files: readonly SourceRef[]
}

/** A raw file that could not be read, or a part of one, kept with the reason and the way back in. */
export type Quarantined = {
  /** Path relative to the raw folder; for a part of a file, the path, `#` and which part. */
  readonly source: string
  readonly code: string
  readonly message: string
  /** Byte offset where reading failed; null = not a matter of bytes. */
  readonly offset: number | null
  /** sha256 of the file as found; null = it could not be read at all. */
  readonly sha256: string | null
  /** What lets it in again. */
  readonly readmit: string
}
