import type { Row } from './spec.ts'

/** The encoders that are compared as they come, trained alike. */
export const encoderRows: readonly Row[] = [{ label: 'la2ds', model: 'la2ds', settings: [] }]
