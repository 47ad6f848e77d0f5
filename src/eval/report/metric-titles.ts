/** A measure's name as a person reads it. */
export function titleOf(metric: string): string {
  const known = TITLES[metric]
  if (known !== undefined) return known
  const retrieval = /^retrieval(-in-clip)?(-average-precision)?-(\d+)-(clip|frame)$/.exec(metric)
  if (retrieval !== null) {
    const [, isInClip, isAverage, k, average] = retrieval
    const kind = isAverage === undefined ? 'AP' : 'average precision'
    return `Frame retrieval ${kind}@${k}, mean over ${average}s${isInClip === undefined ? '' : ', INSIDE THE QUERY\'S OWN CLIP (do not use)'}`
  }
  const accuracy = /^phase-accuracy(-svm)?(-trained-on-test)?-(\d+)$/.exec(metric)
  if (accuracy !== null) {
    const [, isSvm, isOnTest, share] = accuracy
    return `Phase accuracy, ${share} % of labels, ${isSvm === undefined ? 'logistic regression' : 'SVM'}${isOnTest === undefined ? '' : ', TRAINED ON THE TEST SIDE'}`
  }
  return metric
}

const TITLES: Readonly<Record<string, string>> = {
  're-cut-cycle-skill': 'Re-cut cycle skill',
  'event-transfer-error': 'Event transfer error',
  'event-transfer-correct': 'Events transferred within 20 %',
  'correspondence-error-nearest': 'Correspondence error, nearest neighbour',
  'correspondence-close-nearest': 'Correspondences within 0.1 phase, nearest neighbour',
  'correspondence-error-warping': 'Correspondence error, time warping',
  'correspondence-close-warping': 'Correspondences within 0.1 phase, time warping',
  'correspondence-error-soft': 'Correspondence error, soft alignment',
  'correspondence-close-soft': 'Correspondences within 0.1 phase, soft alignment',
  'correspondence-error-reversed': 'Correspondence error, nearest neighbour, B reversed (probe: not below chance)',
  'correspondence-close-reversed': 'Correspondences within 0.1 phase, nearest neighbour, B reversed (probe)',
  'correspondence-error-warping-reversed': 'Correspondence error, time warping, B reversed (probe: not below chance)',
  'correspondence-close-warping-reversed': 'Correspondences within 0.1 phase, time warping, B reversed (probe)',
  'correspondence-error-soft-reversed': 'Correspondence error, soft alignment, B reversed (probe: not below chance)',
  'correspondence-close-soft-reversed': 'Correspondences within 0.1 phase, soft alignment, B reversed (probe)',
  'kendall-tau': "Kendall's tau (won by counting)",
  'phase-progression': 'Phase progression (R²)',
  'phase-progression-trained-on-test': 'Phase progression (R²), TRAINED ON THE TEST SIDE',
}

/** A name short enough for a column: `count` of `baseline/count`; the oracle is called one. */
export function shortName(encoder: string): string {
  return SHORT[encoder] ?? encoder.replace(/^baseline\//, '')
}

const SHORT: Readonly<Record<string, string>> = {
  'baseline/random': 'chance',
  'baseline/constant': 'middle frame',
  'baseline/count': 'counter t/T, t',
  'baseline/count-share': 'counter t/T',
  'baseline/coordinates': 'coordinates',
  'baseline/coordinates-velocity': 'coordinates + velocity',
  'baseline/event': 'event (oracle)',
}
