import type { LintReport } from '../queries/index.ts'

/** What `lint` found, for people and editors: `file:line:column: level: message (code)`, a line each. */
export function lintText({ files, findings }: LintReport): string {
  const errors = findings.filter(({ level }) => level === 'error').length
  return [
    ...findings.map(({ file, line, column, level, message, code }) => `${file}:${line}:${column}: ${level}: ${message} (${code})`),
    `${files} ${files === 1 ? 'file' : 'files'}, ${errors} errors, ${findings.length - errors} warnings`,
  ].join('\n')
}
