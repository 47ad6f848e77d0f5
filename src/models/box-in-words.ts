/** The square that a clip is seen in, for whoever makes it elsewhere. */
export function boxInWords(padding: number): { readonly padding: number; readonly least: number; readonly about: string } {
  return { padding, least: 10, about: 'the square about all joints of the clip: the longer side of their tight box, at least `least` px, times 1 + padding' }
}
