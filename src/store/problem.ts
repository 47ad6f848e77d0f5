/** One thing that is wrong with a stored data set; `clips` = those it affects, sorted; left out = that cannot be told. */
export type Problem = { readonly file: string; readonly code: string; readonly message: string; readonly clips?: readonly string[] }

/** Clips as a part of a problem; null = unknown. */
export function ofClips(clips: readonly string[] | null): Pick<Problem, 'clips'> {
  return clips === null ? {} : { clips }
}
