/** State of one joint in one frame: located and seen, located but hidden (confidence 0.5), not annotated (confidence 0, coordinates NaN). */
export const OBSERVED = 0
export const OCCLUDED = 1
export const ABSENT = 2

/** A raw file a clip was made of. `path` is relative to the raw folder, with forward slashes. */
export type SourceRef = { readonly path: string; readonly bytes: number; readonly sha256: string }

/** Frames [start, end) carry `label`. */
export type Segment = { readonly start: number; readonly end: number; readonly label: string }

export type ClipLabels = {
  readonly action: string | null
  /** The side the data set's own split puts the clip on. */
  readonly officialSplit: 'train' | 'test' | null
  readonly view: string | null
  readonly subject: string | null
  readonly scene: string | null
  readonly camera: string | null
  /** Annotated phases in order, without gaps; null = not annotated. Pseudo phases are never stored here: eval derives them. */
  readonly phases: readonly Segment[] | null
}

/** One keypoint source of one recording seen by one camera. Nothing changes a clip: what transforms it returns another. */
export type Clip = {
  /** Unique over all data sets: `penn-action/0001`. */
  readonly id: string
  readonly dataset: string
  /** The recording; no split divides it. */
  readonly group: string
  /** Name of a skeleton of the catalog: `penn-13`. */
  readonly skeleton: string
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
  /** [T, M, J, dims + 1]: x right, y down (, z) in px, continuous (pixel centres at .5), then confidence 0..1. Absent joints are NaN with confidence 0. null = labels only. */
  readonly keypoints: Float32Array | null
  /** [T, M, J] of OBSERVED, OCCLUDED, ABSENT. */
  readonly states: Uint8Array | null
  /** [T, M, J, dims] coordinates as the raw file has them, those of absent joints included; null once read back for training. */
  readonly raw: Float32Array | null
  /** [T] where each frame stands in the recording, in original frame indices: 0, 1, ... as ingested; transforms of time keep it. */
  readonly time: Float32Array
  /** [T, 4] person box x1 y1 x2 y2 in px, NaN where the data set has none; null = no boxes at all. */
  readonly boxes: Float32Array | null
  /** Names of the frame files relative to the raw folder, one per frame; null = no frames at hand. */
  readonly framePaths: readonly string[] | null
  readonly labels: ClipLabels
  /** Stable names of quirks that were handled, sorted: `box-missing-last-frame`, `joints-outside-image`, `no-observed-joint`, ... */
  readonly flags: readonly string[]
  /** Provenance: every raw file this clip was read from. */
  readonly files: readonly SourceRef[]
}

/** A raw file that could not become a clip, kept with the reason and the way back in. */
export type Quarantined = {
  /** Path relative to the raw folder. */
  readonly source: string
  readonly code: string
  readonly message: string
  /** Byte offset where reading failed; null = not a matter of bytes. */
  readonly offset: number | null
  /** sha256 of the file as found; null = it could not be read at all. */
  readonly sha256: string | null
}

export function isQuarantined(item: Clip | Quarantined): item is Quarantined {
  return 'code' in item
}
