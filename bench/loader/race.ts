import type { Contender, Fingerprint } from './contender.ts'

/** Median and range of clips/s; null where what was produced is not what the reference has: then there is no figure. */
export type Result = { readonly title: string; readonly perSecond: readonly number[] | null }

/**
 * Passes of about `seconds` each, one contender after the other, `rounds` times over; what each produces is compared with the reference's before the first and after the last.
 */
export async function race(entries: readonly { readonly contender: Contender; readonly reference: Fingerprint }[], { rounds, seconds }: { rounds: number; seconds: number }): Promise<Result[]> {
  const runners = []
  for (const { contender, reference } of entries) {
    const agrees = isSame(contender, await contender.fingerprint(), reference)
    const once = agrees ? await contender.pass(1) : 0
    runners.push({ contender, reference, agrees, times: Math.max(1, Math.round(seconds / once)), perSecond: [] as number[] })
  }
  for (let round = 0; round < rounds; round++) for (const { contender, reference, agrees, times, perSecond } of runners) {
    if (agrees) perSecond.push((reference.samples * times) / await contender.pass(times))
  }
  const results: Result[] = []
  for (const { contender, reference, agrees, perSecond } of runners) {
    results.push({ title: contender.title, perSecond: agrees && isSame(contender, await contender.fingerprint(), reference) ? perSecond : null })
  }
  return results
}

function isSame({ ordered }: Contender, made: Fingerprint, reference: Fingerprint): boolean {
  return made.sum === reference.sum && made.samples === reference.samples && (!ordered || made.hash === reference.hash)
}
