/** Copies numbers of joints to `at` of a row, those that are not there (NaN) as 0. */
export function copyPoints(keypoints: Float32Array, row: Float32Array, at: number): void {
  row.set(keypoints, at)
  for (let i = at; i < at + keypoints.length; i++) if (Number.isNaN(row[i])) row[i] = 0
}
