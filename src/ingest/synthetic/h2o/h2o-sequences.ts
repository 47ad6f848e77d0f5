type H2oSide = 'train' | 'val' | 'test'
/** `path` as the lists have it: `subject1/h1/0`. */
export type H2oPlace = { readonly path: string; readonly subject: number; readonly scene: string; readonly seq: number; readonly side: H2oSide }

const SCENES = ['h1', 'h2', 'k1', 'k2', 'o1', 'o2']
/** The scenes of subject 3, which the split divides, from the validated ones on. */
const DIVIDED = ['k2', 'o1', 'o2', 'h1', 'h2', 'k1']
const WITHOUT_EIGHTH = new Set(['subject1/k2', 'subject2/h2', 'subject2/k1', 'subject2/k2', 'subject2/o1', 'subject2/o2', 'subject4/k1', 'subject4/o2'])

/**
 * The 184 sequences of H2O in the order in which a twin gets them: the first of every subject and scene, then the second, ...; subjects 1, 3, 4, 2 by turns,
 * so that the first three are of all sides and a larger twin contains the smaller ones.
 */
export const h2oSequences: readonly H2oPlace[] = Array.from({ length: 8 }, (_, seq) => SCENES.flatMap((scene, at) => {
  return ([[1, scene], [3, DIVIDED[at]!], [4, scene], [2, scene]] as const)
    .filter(([subject, where]) => seq < 7 || !WITHOUT_EIGHTH.has(`subject${subject}/${where}`))
    .map(([subject, where]): H2oPlace => ({ path: `subject${subject}/${where}/${seq}`, subject, scene: where, seq, side: sideOf(subject, where) }))
})).flat()

/** The authors' split: subjects 1, 2 and half of 3 to train on, the rest of 3 to validate, subject 4 to test. */
function sideOf(subject: number, scene: string): H2oSide {
  if (subject === 4) return 'test'
  return subject === 3 && ['k2', 'o1', 'o2'].includes(scene) ? 'val' : 'train'
}
