/** What a command can end in; see the exit codes of docs/cli.md. */
export type ExitCode = 1 | 2 | 3 | 4

/**
 * A failure that a person can act on: what is wrong with which value, and the way out.
 * `code` is stable (`E_...`); `exit` is 2 for "cannot start" and 4 for "failed under way". A plain `Error` means our own bug.
 */
export class ToolkitError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly exit: ExitCode

  constructor(code: string, message: string, options: { hint?: string; exit?: ExitCode; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ToolkitError'
    this.code = code
    this.hint = options.hint
    this.exit = options.exit ?? 2
  }
}

/** The entry of `names` with the smallest edit distance to `name`, or null when nothing is near (more than half of the letters differ). */
export function nearestName(name: string, names: readonly string[]): string | null {
  const scored = names.map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
  const best = scored.reduce<{ candidate: string; distance: number } | null>(
    (least, next) => (least === null || next.distance < least.distance ? next : least), null)
  return best !== null && best.distance <= Math.ceil(Math.max(name.length, best.candidate.length) / 2) ? best.candidate : null
}

/** An unknown name, answered with what exists and the nearest match. */
export function unknownName(code: string, what: string, name: string, names: readonly string[]): ToolkitError {
  const near = nearestName(name, names)
  return new ToolkitError(code, `no ${what} "${name}"`, {
    hint: `${near === null ? '' : `did you mean "${near}"? `}There ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ') || '(none)'}`,
  })
}

/** Levenshtein distance with unit costs. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substituted = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
