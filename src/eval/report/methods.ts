import type { Measure } from '../evaluate.ts'

/** What was done, in sentences that follow from the measures: nothing is said that was not measured. */
export function methodsOf(measures: readonly Measure[]): string[] {
  const has = (name: string) => measures.some(({ metric, value }) => metric.startsWith(name) && value !== null)
  const pseudo = measures.some(({ labels, value }) => labels === 'pseudo' && value !== null)
  const draws = measures[0]?.settings['draws'] ?? 0
  return [
    'An encoder turns a clip into one embedding per frame; it is shown joints only, without a name, labels or the original frame numbers, '
      + 'and is frozen before anything is measured. '
      + 'A frame is aligned to the nearest frame of another recording of the same action by squared Euclidean distance, the first one on ties.',
    ...(has('re-cut-cycle-skill') ? ['Re-cut cycle skill: a clip A is cut twice, its start (55-85 %) and its end (55-85 %), '
      + 'each resampled by up to a factor of 1.5, the second turned by up to 15 degrees and jittered by 1 % of its box; '
      + 'every view is boxed anew and counted from 0. Each frame of the first cut that the second also shows goes to its nearest frame in another clip B and from there to its nearest frame in the second cut. '
      + 'The skill is 1 - (mean distance to where it started) / (that of the best constant answer), summed over ordered pairs. '
      + 'The cuts are drawn once per clip, keyed by its id.'] : []),
    ...(has('event-transfer') ? ['Event transfer error: an event of A (half-rise, extremum and half-fall of a joint\'s height, '
      + 'or the key events of annotated phases) is carried to B by the nearest neighbour, both shown in windows of 40-80 % around it at their own speeds; '
      + 'the error is the distance to B\'s event over the span of B\'s events, at most 1.'] : []),
    ...(pseudo ? ['Phases marked pseudo are read off the joints by a rule (before and after the extreme height of the head or wrists; wrists crossing the shoulders for jumping jacks). They are a function of what the encoder sees: '
      + 'they serve relative comparison, and no published figure may be set beside them.'] : []),
    `Intervals are percentiles of ${draws} bootstrap draws of recordings, `
      + `every clip of a recording in all of its roles at once; differences are paired on the same draws. `
      + `Cut clips: each clip once as a random half-clip window, at least 8 frames, boxed and counted anew, train and test alike.`,
    'Floors: chance; always the middle frame; two frame counters that see no joint; coordinates in the box of the clip; the same with smoothed velocity; the encoder before training. The event oracle is told the rule behind the pseudo labels and is no rival.',
  ]
}
