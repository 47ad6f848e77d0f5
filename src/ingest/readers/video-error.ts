import { ToolkitError } from '../../errors.ts'

/**
 * A video that cannot be read whole. `E_VIDEO_UNREADABLE`: no video, or ffmpeg stumbled; `E_VIDEO_SHORT`: fewer frames than the container says;
 * `E_VIDEO_FRAMES`: other frames than asked for.
 */
export class VideoError extends ToolkitError {
  /** How many frames came all the same; where ffmpeg stumbled some of them may be patched, or later than they look. */
  readonly frames: number
  /** How many the container says; null = it does not. */
  readonly promised: number | null

  constructor(code: string, message: string, frames: number, promised: number | null, options: { hint?: string; cause?: unknown } = {}) {
    super(code, message, options)
    this.name = 'VideoError'
    this.frames = frames
    this.promised = promised
  }
}
