import type { Node } from '../../engine/index.ts'
import type { Nodes, Outputs } from '../../models/index.ts'

/**
 * From a model's outputs for rows b and b + B, the two views of clip b, and the batch's `mask` [2B, T], `time` [2B, T] (original frame) and `length` [2B]
 * (frames of the whole clip) to one number. Mean per sequence, then over the batch; padding weighs nothing.
 */
export type Loss = (outputs: Outputs, batch: Nodes) => Node
