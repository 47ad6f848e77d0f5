/** What one reference says of each frame of a clip: the label of the frame beside it (null = none), and how sure the alignment is. */
export type Proposal = { readonly labels: readonly (string | null)[]; readonly confidences: ArrayLike<number> }

/**
 * The label of each frame that most confidence is for, and that confidence as the mean over all proposals: 1 = all are sure of it. On ties the label that an earlier proposal has. At least one
 * proposal, all of as many frames.
 */
export function voteLabels(proposals: readonly Proposal[]): { readonly labels: (string | null)[]; readonly confidences: number[] } {
  const voted = proposals[0]!.labels.map((_, frame) => {
    const votes = new Map<string | null, number>()
    for (const { labels, confidences } of proposals) votes.set(labels[frame]!, (votes.get(labels[frame]!) ?? 0) + confidences[frame]!)
    return [...votes].reduce((most, one) => (one[1] > most[1] ? one : most))
  })
  return { labels: voted.map(([label]) => label), confidences: voted.map(([, votes]) => votes / proposals.length) }
}
