import type { Row } from './spec.ts'

/** Heatmaps and their rivals on coordinates: one loss, one set of views (dropped joints among them), and as many parameters as LA2DS where sizes are free; CASA has its own. */
export const encoderRows: readonly Row[] = [
  { label: 'la2ds', model: 'la2ds', settings: [] },
  { label: 'la2ds, absent joints filled', model: 'la2ds', settings: ['absentConfidence=0.5'] },
  { label: 'coords-2d', model: 'coords-2d', settings: [] },
  { label: 'joint-tokens', model: 'joint-tokens', settings: [] },
  { label: 'casa', model: 'casa', settings: ['casa.dims=2'] },
]
