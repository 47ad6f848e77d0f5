import type { Finding, Validation } from '../validate/index.ts'

/** Examples of a code on a terminal. */
const EXAMPLES = 3

/** What was found, for people: code by code, each with its first findings. */
export function validateText({ clips, frames, counts, findings }: Validation, limit = EXAMPLES): string {
  const groups = counts.flatMap(({ code, severity, title, findings: count, clips }) => {
    const examples = findings.filter((finding) => finding.code === code).slice(0, limit)
    return [
      `${severity} ${code}: ${count} in ${clips} ${clips === 1 ? 'clip' : 'clips'}: ${title}`,
      ...examples.map(({ clip, person, message }) => `  ${clip === null ? '' : `${clip}${person === null ? '' : ` person ${person}`}: `}${message}`),
      ...(count > examples.length ? [`  and ${count - examples.length} more`] : [])]
  })
  const total = (wanted: Finding['severity']): number => counts.filter(({ severity }) => severity === wanted).reduce((sum, { findings }) => sum + findings, 0)
  return [...groups, `${clips} clips, ${frames} frames: ${total('error')} errors, ${total('warn')} warnings, ${total('info')} remarks`].join('\n')
}

/** The first findings of every code, in their order. */
export function firstOfEach(findings: readonly Finding[], limit: number): Finding[] {
  const counts = new Map<string, number>()
  return findings.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1
    counts.set(code, count)
    return count <= limit
  })
}
