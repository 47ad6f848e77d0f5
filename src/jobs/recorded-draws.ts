import type { Random } from '../random.ts'

/** One draw of a step, as it was asked for: `chance` of 0.5 = true, `between` -15 and 15 = 7.3. */
export type Draw = { readonly draw: Exclude<keyof Random, 'fork'>; readonly of: readonly number[]; readonly value: number | boolean }

/** What a step of a chain drew, in order; those beyond the first ones are only counted. */
export type StepDraws = { readonly step: string; readonly position: number; readonly draws: readonly Draw[]; readonly more: number }

/** Draws kept per step. */
const SHOWN = 8

/** A stream of chance that draws as `random` does, and the draws made on it so far, by the name and position that a chain forks it by. */
export function recordedDraws(random: Random): { readonly random: Random; readonly steps: () => StepDraws[] } {
  const kept = new Map<string, { step: string; position: number; draws: Draw[]; more: number }>()
  const note = (path: readonly (string | number)[], draw: Draw): void => {
    const [step, position] = [String(path[0] ?? ''), Number(path[1] ?? 0)]
    const own = kept.get(`${step} ${position}`) ?? { step, position, draws: [], more: 0 }
    kept.set(`${step} ${position}`, own)
    if (own.draws.length < SHOWN) own.draws.push(draw)
    else own.more++
  }
  return { random: recording(random, [], note), steps: () => [...kept.values()].sort((a, b) => a.position - b.position) }
}

function recording(random: Random, path: readonly (string | number)[], note: (path: readonly (string | number)[], draw: Draw) => void): Random {
  const kept = <Value extends number | boolean>(draw: Draw['draw'], of: readonly number[], value: Value): Value => {
    note(path, { draw, of, value })
    return value
  }
  return {
    uniform: () => kept('uniform', [], random.uniform()),
    between: (low, high) => kept('between', [low, high], random.between(low, high)),
    normal: () => kept('normal', [], random.normal()),
    integer: (bound) => kept('integer', [bound], random.integer(bound)),
    chance: (p) => kept('chance', [p], random.chance(p)),
    fork: (name) => recording(random.fork(name), [...path, name], note),
  }
}
