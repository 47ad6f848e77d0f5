import { type Executor, ortExecutor } from '../engine/index.ts'
import { unknownName } from '../errors.ts'

/** Devices that can be named today. */
export const devices = ['cpu'] as const

/** The executor of a device by its name; throws E_DEVICE_UNKNOWN with what exists. */
export function executorOfDevice(device: string, threads: number | null): Executor {
  if (device !== 'cpu') throw unknownName('E_DEVICE_UNKNOWN', 'device', device, devices)
  return ortExecutor({ device: 'cpu', ...(threads === null ? {} : { threads }) })
}
