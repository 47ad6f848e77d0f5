import type { Check } from '../check.ts'
import { skeletonFlaw } from './skeleton-flaw.ts'

/** Mirroring twice must give the skeleton back: no joint in two pairs, none its own twin, and the bones of twins are twins. */
export const skeletonPairs: Check = {
  code: 'skeleton-pairs', severity: 'error', title: 'the twins of a skeleton do not mirror it', about: 'skeleton',
  find: ({ name, joints, pairs, edges }) => {
    const paired = pairs.flat()
    const twice = [...new Set(paired.filter((joint, at) => paired.indexOf(joint) !== at))]
    const twin = (joint: number): number => pairs.find((pair) => pair.includes(joint))?.find((other) => other !== joint) ?? joint
    const bones = new Set(edges.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]))
    const lonely = twice.length > 0 ? [] : edges.filter(([a, b]) => !bones.has(`${twin(a)} ${twin(b)}`))
    return [
      ...twice.map((joint) => skeletonFlaw(name, [joints[joint]!], `${joints[joint]!} is in two pairs of twins, or its own twin`)),
      ...lonely.map(([a, b]) => {
        const [bone, image] = [`${joints[a]!} - ${joints[b]!}`, `${joints[twin(a)]!} - ${joints[twin(b)]!}`]
        return skeletonFlaw(name, [joints[a]!, joints[b]!], `the bone ${bone} has no mirror image ${image}`)
      })]
  },
}
