import { ToolkitError } from '../../errors.ts'

/** A file that is not what its format says, with the byte at which that shows. */
export class FormatError extends ToolkitError {
  /** In the file as it lies on disk; for what is inside a compressed element, where that element begins. */
  readonly offset: number

  constructor(code: string, message: string, offset: number, options: { hint?: string; cause?: unknown } = {}) {
    super(code, message, options)
    this.name = 'FormatError'
    this.offset = offset
  }
}
