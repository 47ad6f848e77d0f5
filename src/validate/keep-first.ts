import type { Check } from './check.ts'
import type { Finding, Severity } from './finding.ts'

/** How often a code was found, and in how many clips. */
export type Count = { readonly code: string; readonly severity: Severity; readonly title: string; readonly findings: number; readonly clips: number }

export type Findings = {
  /** Codes that were found, in the order of the checks. */
  readonly counts: readonly Count[]
  /** In order of check, data set, clip and frame. */
  readonly findings: readonly Finding[]
  /** Whether there are more of a code than were kept. */
  readonly truncated: boolean
}

type Kept = { findings: Finding[]; count: number; readonly clips: Set<string> }

/** Findings beyond twice the limit that are held before they are sorted. */
const SLACK = 1000

/**
 * Counts findings and keeps the first `limit` of each code by data set and clip, whatever order the clips come in: memory grows with what is kept, not with
 * what is found. The findings of one clip must come together.
 */
export function keepFirst(checks: readonly Check[], limit: number): { add(found: readonly Finding[]): void; result(): Findings } {
  const kept = new Map<string, Kept>(checks.map(({ code }) => [code, { findings: [], count: 0, clips: new Set() }]))
  return {
    add(found) {
      for (const finding of found) {
        const of = kept.get(finding.code)!
        of.findings.push(finding)
        of.count++
        if (finding.clip !== null) of.clips.add(finding.clip)
        if (of.findings.length > 2 * limit + SLACK) of.findings = first(of.findings, limit)
      }
    },
    result() {
      const of = checks.map((check) => ({ ...check, ...kept.get(check.code)! })).filter(({ count }) => count > 0)
      return {
        counts: of.map(({ code, severity, title, count, clips }) => ({ code, severity, title, findings: count, clips: clips.size })),
        findings: of.flatMap(({ findings }) => first(findings, limit)), truncated: of.some(({ count }) => count > limit),
      }
    },
  }
}

/** By data set and clip; findings of one clip stay in their order. */
function first(findings: readonly Finding[], limit: number): Finding[] {
  return findings.toSorted((a, b) => compare(a.dataset, b.dataset) || compare(a.clip ?? '', b.clip ?? '')).slice(0, limit)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
