import { ABSENT } from '../../clip.ts'
import type { Check } from '../check.ts'

/** Sources whose confidences are made from what is visible. */
const unmeasured: ReadonlySet<string> = new Set(['manual', 'synthetic'])

/** A source that says how sure it is says the same number of every joint it located. */
export const constantConfidence: Check = {
  code: 'constant-confidence', severity: 'info', title: 'every joint has the same confidence: it says nothing', about: 'clip',
  find: ({ clip, bodies }) => {
    if (unmeasured.has(clip.source)) return []
    const values = new Set(bodies.flatMap(({ confidences, states }) => [...new Set(confidences.filter((_, at) => states[at] !== ABSENT))]))
    const [value] = values
    if (values.size !== 1) return []
    return [{ person: null, start: null, end: null, joints: [], value: value!, limit: null, message: `every located joint has the confidence ${value!}` }]
  },
}
