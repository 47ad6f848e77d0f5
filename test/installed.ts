import { createRequire } from 'node:module'

/** Whether a package can be found from here; tests of optional ones say that they skipped. */
export function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}
