import type { Random } from '../random.ts'

/** `count` of the numbers 0 .. population - 1 in order, every subset of that size equally likely: the first places of a Fisher-Yates shuffle. */
export function subset(population: number, count: number, random: Random): number[] {
  const numbers = Array.from({ length: population }, (_, i) => i)
  for (let i = 0; i < count; i++) {
    const drawn = i + random.integer(population - i)
    ;[numbers[i], numbers[drawn]] = [numbers[drawn]!, numbers[i]!]
  }
  return numbers.slice(0, count).sort((a, b) => a - b)
}
