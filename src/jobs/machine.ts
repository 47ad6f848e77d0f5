import { arch, cpus, platform } from 'node:os'
import type { RunRecord } from '../train/index.ts'

/** The processor at hand: the same bits are promised on one type alone. */
export function machine(): NonNullable<RunRecord['machine']> {
  return { cpu: cpus()[0]?.model.trim() ?? 'unknown', arch: arch(), platform: platform() }
}
