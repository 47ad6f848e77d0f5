import { existsSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'

/** Links that may follow one another, as in Linux. */
const MOST_LINKS = 40

/** Whether a place is a folder or lies in it, wherever links lead; neither need be there yet. */
export function liesWithin(place: string, folder: string): boolean {
  const outer = realPath(folder)
  // after a link, ".." is another place to the system than to node:path, and either may be meant
  return [place, resolve(place)].map((path) => realPath(path)).some((inner) => inner === outer || inner.startsWith(`${outer}${sep}`))
}

/** Where a path leads, links resolved; of what is not there, where it would be made. */
function realPath(path: string, links = MOST_LINKS): string {
  if (existsSync(path)) return realpathSync.native(path)
  const parent = realPath(dirname(path), links)
  const target = links === 0 ? null : targetOf(join(parent, basename(path)))
  return target === null ? join(parent, basename(path)) : realPath(resolve(parent, target), links - 1)
}

/** What a link that leads nowhere yet says; null where there is none. */
function targetOf(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}
