/** One picture of a film. */
export type Image = {
  /** The film's frame it shows. */
  readonly frame: number
  /** The file it lies in, relative to the raw folder: an image file, or the video. */
  readonly path: string
  readonly width: number
  readonly height: number
  /** When it is shown, in seconds, as the video says; null = image files have no clock. */
  readonly pts: number | null
  /** `sha256:` of the image file's bytes, or the hash of the decoded picture in its own pixel format as `md5:yuv420p:...`: a decoder that answers another frame is found out. */
  readonly hash: string
  /** Size of the image file; null for a picture inside a video. */
  readonly bytes: number | null
  /** The image file itself where frames are embedded, else null. */
  readonly data: Uint8Array | null
}

/** A video made anew, small and quick to seek in, frame for frame the film: a draft the store takes over. */
export type Proxy = { readonly file: string; readonly frames: number }

/** The film that a clip was seen on: what is before `#`. Clips of one film share its pictures and lie in one shard. */
export function filmOf(clipId: string): string {
  const end = clipId.indexOf('#')
  return end === -1 ? clipId : clipId.slice(0, end)
}
