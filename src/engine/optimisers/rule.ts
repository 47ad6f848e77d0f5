import type { Node } from '../graph.ts'

export type Nodes = Readonly<Record<string, Node>>

/** What an update goes by; vectors are [n], one number for each parameter of a group. */
export type Step = {
  readonly params: Node
  readonly gradient: Node
  /** The rule's `states` before the update. */
  readonly states: Nodes
  /** Learning rate, a scalar. */
  readonly rate: Node
  /** The rule's `feeds`, scalars. */
  readonly feeds: Nodes
  /** 1 where weight decay applies, else 0; null = it applies everywhere. */
  readonly decays: Node | null
}

/** One optimiser with its numbers. */
export type Rule = {
  /** Vectors carried from step to step, which start at 0. */
  readonly states: readonly string[]
  /** Scalars fed at step t = 1, 2, ... */
  readonly feeds: Readonly<Record<string, (step: number) => number>>
  update(step: Step): { readonly params: Node; readonly states: Nodes }
}
