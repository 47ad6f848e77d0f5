import type { Check } from '../check.ts'
import { repeatsOf } from './duplicate-frames.ts'

/** Frames of a clip that can be called stuck: a shorter one may well rest. */
const LEAST_FRAMES = 10

/** No joint moves at all, bit for bit, from the first frame to the last. */
export const stuckClip: Check = {
  code: 'stuck-clip', severity: 'error', title: 'nothing moves at all', about: 'clip',
  find: ({ bodies }) => bodies.flatMap((body) => {
    const { person, frames } = body
    if (frames < LEAST_FRAMES || !repeatsOf(body).some(({ start, end }) => start === 1 && end === frames)) return []
    return [{ person, start: null, end: null, joints: [], value: null, limit: null, message: `all ${frames} frames have the same coordinates, bit for bit` }]
  }),
}
