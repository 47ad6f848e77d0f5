import type { Check } from '../check.ts'
import { boneLengthJump } from './bone-length-jump.ts'
import { confidenceCliff } from './confidence-cliff.ts'
import { confidenceRange } from './confidence-range.ts'
import { constantConfidence } from './constant-confidence.ts'
import { degenerateBox } from './degenerate-box.ts'
import { duplicateFrames } from './duplicate-frames.ts'
import { frameCountMismatch } from './frame-count-mismatch.ts'
import { frozenJoint, staleHiddenJoint } from './frozen-joint.ts'
import { jointNeverObserved } from './joint-never-observed.ts'
import { jointTeleport } from './joint-teleport.ts'
import { leftRightSwap } from './left-right-swap.ts'
import { noObservedJoint } from './no-observed-joint.ts'
import { nonFinite } from './non-finite.ts'
import { offImage } from './off-image.ts'
import { phaseBeyondClip } from './phase-beyond-clip.ts'
import { phaseGap } from './phase-gap.ts'
import { phaseMissing } from './phase-missing.ts'
import { phaseOrder } from './phase-order.ts'
import { phaseOverlap } from './phase-overlap.ts'
import { scaleJump } from './scale-jump.ts'
import { segmentBeyondClip } from './segment-beyond-clip.ts'
import { segmentOffByOne } from './segment-off-by-one.ts'
import { segmentOverlap } from './segment-overlap.ts'
import { skeletonEdges } from './skeleton-edges.ts'
import { skeletonPairs } from './skeleton-pairs.ts'
import { stuckClip } from './stuck-clip.ts'
import { timeGap } from './time-gap.ts'

/** Every check, in the order in which findings are told. */
export const checks: readonly Check[] = [
  skeletonPairs, skeletonEdges,
  nonFinite, confidenceRange, stuckClip, phaseBeyondClip, phaseOverlap, phaseGap, phaseOrder, segmentBeyondClip,
  frameCountMismatch, timeGap, duplicateFrames, leftRightSwap, jointTeleport, boneLengthJump, scaleJump, frozenJoint,
  offImage, confidenceCliff, noObservedJoint, degenerateBox, phaseMissing, segmentOverlap, segmentOffByOne,
  staleHiddenJoint, jointNeverObserved, constantConfidence,
]
