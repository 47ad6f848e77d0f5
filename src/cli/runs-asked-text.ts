import type { Collection } from '../jobs/collect-garbage.ts'

/** Which runs a collection asked what they need. */
export function runsAskedText({ folder, exists, count }: Collection['runs']): string {
  if (!exists) return `no run was asked what it needs: there is no folder "${folder}"`
  return count === 1 ? `1 run in "${folder}" was asked what it needs` : `${count} runs in "${folder}" were asked what they need`
}
