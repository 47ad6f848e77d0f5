import type { Node } from '../../engine/index.ts'
import type { Nodes, Outputs, ParameterSpec } from '../../models/index.ts'

/**
 * From a model's outputs for rows b and b + B, the two views of clip b, and the batch's `mask` [2B, T], `time` [2B, T] (original frame) and `length` [2B]
 * (frames of the whole clip) to one number. Mean per sequence, then over the batch; padding weighs nothing.
 * `parameters` are those that the loss itself learns, such as a classifier: the model that is trained has them beside its own, and `params` holds them.
 * `told` is what of the training the loss is told beside its batch.
 */
export type Loss = ((outputs: Outputs, batch: Nodes, params: Nodes) => Node) & { readonly parameters?: readonly ParameterSpec[]; readonly told?: readonly Told[] }

/** How far the training is, one number of that name in the batch: the `step` at hand, from 1, and its `epoch`, from 0. */
export type Told = 'step' | 'epoch'
