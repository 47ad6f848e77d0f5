import { type ExitCode, ToolkitError } from './errors.ts'

/** A failure as it crosses threads: structured clones of errors keep neither class nor code. */
export type ThreadFailure = {
  readonly message: string
  readonly stack: string | undefined
  /** null = our own bug. */
  readonly asked: { readonly code: string; readonly hint: string | undefined; readonly exit: ExitCode } | null
  readonly cause: ThreadFailure | null
}

/** Takes a failure apart, with what caused it. */
export function packFailure(error: unknown): ThreadFailure {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined, asked: null, cause: null }
  const asked = error instanceof ToolkitError ? { code: error.code, hint: error.hint, exit: error.exit } : null
  return { message: error.message, stack: error.stack, asked, cause: error.cause === undefined ? null : packFailure(error.cause) }
}

/** Puts it together again on the other side, with the stack it had. */
export function unpackFailure({ message, stack, asked, cause }: ThreadFailure): Error {
  const because = cause === null ? {} : { cause: unpackFailure(cause) }
  const error = asked === null ? new Error(message, because) : new ToolkitError(asked.code, message, { ...because, exit: asked.exit, ...(asked.hint === undefined ? {} : { hint: asked.hint }) })
  if (stack !== undefined) error.stack = stack
  return error
}
