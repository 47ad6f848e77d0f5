import type { Contender, Fingerprint } from './contender.ts'

/** Median and range of clips/s; null where what was produced is not what the reference has: then there is no figure. */
export type Result = { readonly title: string; readonly perSecond: readonly number[] | null }

/**
 * Passes of about `seconds` each, one contender after the other, `rounds` times over; what each produces must be what one of its references has, before the first and after the last.
 */
export async function race(entries: readonly { readonly contender: Contender; readonly references: readonly Fingerprint[] }[], { rounds, seconds }: { rounds: number; seconds: number }): Promise<Result[]> {
  const runners = []
  for (const { contender, references } of entries) {
    const agrees = references.some(isSame(contender, await contender.fingerprint()))
    const once = agrees ? await contender.pass(1) : 0
    runners.push({ contender, references, agrees, times: Math.max(1, Math.round(seconds / once)), perSecond: [] as number[] })
  }
  for (let round = 0; round < rounds; round++) for (const { contender, references, agrees, times, perSecond } of runners) {
    if (agrees) perSecond.push((references[0]!.samples * times) / await contender.pass(times))
  }
  const results: Result[] = []
  for (const { contender, references, agrees, perSecond } of runners) {
    results.push({ title: contender.title, perSecond: agrees && references.some(isSame(contender, await contender.fingerprint())) ? perSecond : null })
  }
  return results
}

function isSame({ ordered }: Contender, made: Fingerprint): (reference: Fingerprint) => boolean {
  return ({ hash, sum, samples }) => made.sum === sum && made.samples === samples && (!ordered || made.hash === hash)
}
