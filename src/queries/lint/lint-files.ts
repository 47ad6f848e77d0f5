import { readFile } from 'node:fs/promises'
import type { LintFinding } from './lint-finding.ts'
import { withLinter } from './lint-sql.ts'

/** What was found in files of SQL, in order of the files and of places in them. */
export type LintReport = { readonly files: number; readonly findings: readonly (LintFinding & { readonly file: string })[] }

/** Lints files, one SELECT (or table macro) each; a file that cannot be read is an error, one that does not parse a finding. */
export async function lintFiles(files: readonly string[]): Promise<LintReport> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return withLinter(async (lint) => {
    const findings = await Promise.all(files.map(async (file, i) => (await lint(texts[i]!)).map((finding) => ({ file, ...finding }))))
    return { files: files.length, findings: findings.flat() }
  })
}
