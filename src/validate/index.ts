export type { Finding } from './finding.ts'
export { selectChecks } from './select-checks.ts'
export { validate, type Validation } from './validate.ts'
export { findingTable, writeFindings } from './write-findings.ts'
