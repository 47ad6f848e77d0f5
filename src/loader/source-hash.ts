import { type Hash, sha256 } from '../hash.ts'

/** What a clip's keypoints count for in the hash of a source; labels only = the hash of nothing. */
export function hashKeypoints(keypoints: Float32Array | null): Hash {
  return keypoints === null ? sha256('') : sha256(new Uint8Array(keypoints.buffer, keypoints.byteOffset, keypoints.byteLength))
}

/** The hash of a source: sha256 of the lines `id TAB hash of its keypoints LF`, in the order of rows. */
export function hashSource(clips: readonly { readonly id: string; readonly hash: Hash }[]): Hash {
  return sha256(clips.map(({ id, hash }) => `${id}\t${hash}\n`).join(''))
}
