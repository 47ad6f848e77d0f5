/** A pinhole camera as its data set states it: x_px = K (R X + T), then the lens distortion. */
export type Camera = {
  /** px of an image of `width` x `height`. */
  readonly fx: number
  readonly fy: number
  readonly cx: number
  readonly cy: number
  readonly width: number
  readonly height: number
  /** OpenCV's k1, k2, p1, p2, k3; empty = the images are undistorted. */
  readonly distortion: readonly number[]
  /** World to camera: R as 9 numbers row by row, T as 3; null = the world is this camera, or it moves (then frame by frame in the clip's signals). */
  readonly rotation: readonly number[] | null
  readonly translation: readonly number[] | null
  /** What T counts; null where there is none. */
  readonly unit: 'm' | 'cm' | null
}
