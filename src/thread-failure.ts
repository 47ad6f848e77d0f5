import { type ExitCode, ToolkitError } from './errors.ts'

/** A failure as it crosses threads: structured clones of errors keep neither class nor code. */
export type ThreadFailure = {
  readonly message: string
  readonly stack: string | undefined
  /** null = not one of ours. */
  readonly asked: { readonly code: string; readonly hint: string | undefined; readonly exit: ExitCode } | null
  /** What the operating system refused; null = it did not. */
  readonly system: { readonly code: string; readonly syscall: string } | null
  readonly cause: ThreadFailure | null
}

/** Takes a failure apart, with what caused it. */
export function packFailure(error: unknown): ThreadFailure {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined, asked: null, system: null, cause: null }
  const asked = error instanceof ToolkitError ? { code: error.code, hint: error.hint, exit: error.exit } : null
  const system = 'syscall' in error && 'code' in error ? { code: String(error.code), syscall: String(error.syscall) } : null
  return { message: error.message, stack: error.stack, asked, system, cause: error.cause === undefined ? null : packFailure(error.cause) }
}

/** Puts it together again on the other side, with the stack it had. */
export function unpackFailure({ message, stack, asked, system, cause }: ThreadFailure): Error {
  const because = cause === null ? {} : { cause: unpackFailure(cause) }
  const error = asked === null ? new Error(message, because) : new ToolkitError(asked.code, message, { ...because, exit: asked.exit, ...(asked.hint === undefined ? {} : { hint: asked.hint }) })
  if (stack !== undefined) error.stack = stack
  return Object.assign(error, system)
}
