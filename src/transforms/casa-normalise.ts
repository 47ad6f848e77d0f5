import { nowhere } from '../affine.ts'
import type { Skeleton } from '../skeleton.ts'
import { spineOf } from './anatomy.ts'
import { distancesOf, ofFirst, trackOf } from './track.ts'
import { checkRange, type Transform } from './transform.ts'

/**
 * Every frame by itself: the top of the spine of the first person who has one lies in the centre of a square frame of `spines` spine lengths, and the spine
 * is `spine` px long. CASA's numbers are these less the centre, over `spine`. It also turns the body (shoulders along x, spine along z): nothing is turned
 * here, in three dimensions either. Its neck is the mean of the shoulders where there is none. Frames without a spine take the nearest one's; a clip without
 * any stays. Draws nothing, and pictures cannot follow. Kwon et al., Context-Aware Sequence Alignment using 4D Skeletal Augmentation, CVPR 2022.
 */
export function casaNormalise({ skeleton, spine = 100, spines = 6 }: { skeleton: Skeleton; spine?: number; spines?: number }): Transform {
  checkRange('spine', spine, 1e-6, 1e6)
  checkRange('spines', spines, 1e-6, 1e6)
  const { top, bottom } = spineOf(skeleton)
  return (clip) => {
    const body = clip.keypoints === null ? null : ofFirst(clip, (person) => {
      const [root, lengths] = [trackOf(clip, top, person), distancesOf(clip, [top, bottom], person)]
      return root === null || lengths === null ? null : { root, lengths }
    })
    if (body === null) return clip
    const { root, lengths } = body
    const [{ dims }, side] = [clip, spine * spines]
    const frameOf = (at: number, width: number): number => Math.floor(at / width)
    const placed = (value: number, frame: number, axis: number): number =>
      ((value - root[frame * dims + axis]!) * spine) / lengths[frame]! + (axis === 2 ? 0 : side / 2)
    const row = clip.persons * clip.joints * (dims + 1)
    return {
      ...clip, width: side, height: side, raw: null, placement: nowhere,
      keypoints: clip.keypoints!.map((value, at) => (at % (dims + 1) === dims ? value : placed(value, frameOf(at, row), at % (dims + 1)))),
      boxes: clip.boxes?.map((value, at) => placed(value, frameOf(at, 4), at % 2)) ?? null,
    }
  }
}
