import { Errors } from '@oclif/core'
import { ToolkitError } from '../errors.ts'

/** What a command prints when it cannot go on, and what the process ends with. */
export type Failure = { readonly code: string; readonly message: string; readonly hint: string | undefined; readonly exit: number }

/** Any error as a person should read it: ours as it is, the command line's own as "cannot start", everything else as our bug. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ToolkitError) return { code: error.code, message: error.message, hint: error.hint, exit: error.exit }
  if (error instanceof Interrupted) return { code: 'E_INTERRUPTED', message: 'interrupted', hint: error.resume(), exit: 130 }
  if (error instanceof Errors.CLIError) {
    return { code: 'E_USAGE', ...usageText(stripAnsi(error.message).split('\n').map((line) => line.trim())), exit: 2 }
  }
  if (error instanceof Error && 'syscall' in error && 'code' in error) return systemFailure(String(error.code), error.message)
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'E_BUG', message, hint: error instanceof Error ? `this should not happen; please report it with:\n${error.stack ?? ''}` : undefined, exit: 4 }
}

/** oclif's lines as one message: its headings joined with what they announce, its advice about flags that take many values (ours take one at a time) left out. */
function usageText(lines: readonly string[]): { message: string; hint: string | undefined } {
  const [first = '', ...rest] = lines.filter((line) => line !== '' && !/^(?:The following errors? occurred:|Note: |Alternatively, |See more help )/.test(line))
  const isHeading = first.endsWith(':') || first.startsWith('Parsing ')
  const [message, more] = isHeading && rest.length > 0 ? [`${first.replace(/:$/, '')}: ${rest[0]}`, rest.slice(1)] : [first, rest]
  const pair = /^Unexpected arguments?: ([\w.]+=[^\s,]*)/.exec(message)?.[1]
  const repeated = pair === undefined ? [] : [`--set is repeated for each: --set ${pair}`]
  return { message, hint: [...more, ...repeated, 'posetta COMMAND --help has examples'].join('; ') }
}

/** The operating system's refusals: no room left or the like is a failure under way, a path that cannot be read or written is a wrong path. */
function systemFailure(code: string, message: string): Failure {
  if (['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'EROFS', 'ENAMETOOLONG'].includes(code)) return { code: 'E_FILE', message, hint: 'name another path', exit: 2 }
  if (['ENOSPC', 'EDQUOT'].includes(code)) return { code: 'E_DISK_FULL', message, hint: 'make room, then run the same command again: it goes on', exit: 4 }
  return { code: 'E_SYSTEM', message, hint: undefined, exit: 4 }
}

/** The user stopped the command; `resume` says how to go on, and is asked when all is over. */
export class Interrupted extends Error {
  readonly resume: () => string

  constructor(resume: () => string) {
    super('interrupted')
    this.resume = resume
  }
}

/** `{"ok": false, "error": ...}`, as scripts read it. */
export function failureDocument({ code, message, hint }: Failure): object {
  return { ok: false, error: { code, message, ...(hint === undefined ? {} : { hint }) } }
}

/** The same for people. */
export function failureText({ code, message, hint }: Failure): string {
  return `${code}: ${message}${hint === undefined ? '' : `\n  ${hint}`}`
}

function stripAnsi(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '')
}
