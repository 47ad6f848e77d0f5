import { ToolkitError, unknownName } from '../../errors.ts'
import type { Corruption, CorruptionKind } from './corruption.ts'
import { droppedFrames } from './dropped-frames.ts'
import { missing } from './missing.ts'
import { missingLimb } from './missing-limb.ts'
import { noise } from './noise.ts'
import { swappedFrames, swappedRun } from './swapped-sides.ts'
import { timeJitter } from './time-jitter.ts'

export type { Corruption, CorruptionKind, Shown } from './corruption.ts'

/** Every kind of corruption. */
export const corruptions: readonly CorruptionKind[] = [missing, noise, missingLimb, swappedFrames, swappedRun, droppedFrames, timeJitter]

/** The kind of a name; throws E_CORRUPTION with what exists. */
export function corruptionKind(name: string): CorruptionKind {
  const found = corruptions.find((kind) => kind.name === name)
  if (found === undefined) throw unknownName('E_CORRUPTION', 'corruption', name, corruptions.map((kind) => kind.name))
  return found
}

/** `missing=0.2`: a kind and a level, 0 to 1. Throws E_CORRUPTION. */
export function parseCorruption(text: string): Corruption {
  const [name, level, ...rest] = text.split('=')
  const kind = corruptionKind(name!)
  if (level === undefined || rest.length > 0 || !/^(\d+\.?\d*|\.\d+)(e-?\d+)?$/.test(level) || Number(level) > 1) {
    throw new ToolkitError('E_CORRUPTION', `--corrupt ${text} is not ${kind.name}=LEVEL, a level of 0 to 1: ${kind.unit}`, { hint: `for example ${kind.name}=${kind.levels[1]}` })
  }
  return { kind: kind.name, level: Number(level) }
}

/** What `parseCorruption` reads, one text per corruption. */
export function corruptionText({ kind, level }: Corruption): string {
  return `${kind}=${level}`
}
