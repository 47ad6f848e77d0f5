export { carl, type CarlOptions } from './carl.ts'
export type { Loss } from './loss.ts'
export { matchAndRegress, type MatchAndRegressOptions } from './match-and-regress.ts'
export { softMatch, type SoftMatchOptions } from './soft-match.ts'
