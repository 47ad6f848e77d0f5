import type { MadeSplit } from '../queries/index.ts'

/** A split that was made, for people. */
export function splitText({ name, hash, sides }: MadeSplit['split'], leaks: MadeSplit['leaks'], checks: MadeSplit['checks']): string {
  return [
    `split "${name}": ${Object.entries(sides).map(([side, ids]) => `${ids?.length ?? 0} ${side}`).join(', ')}`,
    ...checks.map(({ side, expected, found, ok }) => `${side} ${found} ${ok ? 'as published' : `but ${expected} were published`}`),
    ...leaks.map(({ code, count, examples }) => `acknowledged leak ${code}: ${count}, such as ${examples[0]}`),
    `hash ${hash}`,
  ].join('\n')
}
