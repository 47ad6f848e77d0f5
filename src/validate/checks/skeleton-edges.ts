import type { Check } from '../check.ts'
import { skeletonFlaw } from './skeleton-flaw.ts'

/** Bones must hold together what they join: none from a joint to itself, none twice, every joint on one. */
export const skeletonEdges: Check = {
  code: 'skeleton-edges', severity: 'error', title: 'a bone is there twice, begins where it ends, or a joint is on none', about: 'skeleton',
  find: ({ name, joints, edges }) => {
    const keys = edges.map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`)
    const bones = edges.flatMap(([a, b], at) => {
      const problem = a === b ? 'begins where it ends' : keys.indexOf(keys[at]!) === at ? null : 'is there twice'
      return problem === null ? [] : [skeletonFlaw(name, [joints[a]!, joints[b]!], `the bone ${joints[a]!} - ${joints[b]!} ${problem}`)]
    })
    const alone = edges.length === 0 ? [] : joints.filter((_, joint) => !edges.some((edge) => edge.includes(joint)))
    return [...bones, ...alone.map((joint) => skeletonFlaw(name, [joint], `${joint} is on no bone`))]
  },
}
