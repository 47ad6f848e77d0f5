import type { Pixels, Size } from './warp.ts'

/** The pictures of the clips of a loader, by row of its table and frame of the recording. */
export type FrameSource = {
  /** px of the pictures of a row whose recorded frames have `recorded` px; without it they are as large as they were recorded. */
  size?(row: number, recorded: Size): Size
  /** Fetches frames, and answers a source that has them at hand; without it all frames are. */
  prepare?(wanted: readonly FramesWanted[]): Promise<FrameSource>
  /** A JPEG or PNG file; null = the frame has none. */
  jpeg(row: number, frame: number): Uint8Array | null
  /** A frame that is decoded already, as those of videos are; asked for where `jpeg` has none. */
  picture?(row: number, frame: number): Pixels | null
  /** Where the pictures of a row come from, for messages: a file or a folder. */
  place?(row: number): string
  /** Closes its files; without it there are none to close. */
  close?(): void
}

/** Frames of the recording, in any order, some perhaps twice. */
export type FramesWanted = { readonly row: number; readonly frames: readonly number[] }
