import { ToolkitError } from '../errors.ts'
import { rebuildMembers } from '../queries/rebuild-members.ts'
import { hashSides, type Side, type Split } from '../split.ts'
import { findRoot, readVersion } from '../store/index.ts'
import type { RunRecord } from '../train/index.ts'
import { compare, type Findings } from './difference.ts'
import { purgedClips } from './split-members.ts'

/** Runs the query of a split again, over the version it was made on where that is kept, else over the run's, and compares the members. */
export async function reproduceSplit({ storeDir, catalogFiles, record, split, commit, scratch }: {
  storeDir: string; catalogFiles: readonly string[]; record: RunRecord; split: Split & { readonly root: string }; commit: string; scratch: string
}): Promise<Findings> {
  const { dataset, name, root, hash } = split
  const madeOn = await findRoot(storeDir, dataset, root)
  const made = madeOn === null ? [{ what: `version that split ${name} was made on`, was: root, is: 'gone; its query reads the version of the run' }] : []
  const gone = purgedClips(madeOn ?? await readVersion(storeDir, dataset, commit))
  const kept = without(split.sides, gone)
  const purged = countOf(split.sides) - countOf(kept)
  const recorded = compare(`split ${name} of run ${record.run}`, record.split.hash, hash)
  const left = { what: `members of split ${name}`, was: null, is: `${purged} of them ${purged === 1 ? 'was' : 'were'} purged, the others are compared` }
  const notes = purged === 0 ? made : [...made, left]
  try {
    const members = without(await rebuildMembers({ storeDir, runsDir: scratch, catalogFiles, at: [`${dataset}@${madeOn?.commit ?? commit}`] }, split), gone)
    const moved = movedClips(kept, members)
    const where = moved.length === 0 ? '' : ` (${moved.length} ${moved.length === 1 ? 'clip is' : 'clips are'} elsewhere, such as ${moved[0]})`
    return { notes, differences: [...recorded, ...compare(`members of split ${name}${where}`, hashSides(kept), hashSides(members))] }
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    return { notes, differences: [...recorded, { what: `members of split ${name}`, was: hash, is: `${error.code}: ${error.message}`, tolerance: null }] }
  }
}

function without(sides: Split['sides'], gone: ReadonlyMap<string, string>): Split['sides'] {
  return Object.fromEntries(Object.entries(sides).map(([side, ids]) => [side, ids.filter((id) => !gone.has(id))]))
}

function countOf(sides: Split['sides']): number {
  return Object.values(sides).flat().length
}

function movedClips(was: Split['sides'], is: Split['sides']): string[] {
  const sidesOf = (sides: Split['sides']): Map<string, Side> => new Map(Object.entries(sides).flatMap(([side, ids]) => ids.map((id) => [id, side as Side] as const)))
  const [before, now] = [sidesOf(was), sidesOf(is)]
  return [...new Set([...before.keys(), ...now.keys()])].filter((id) => before.get(id) !== now.get(id)).sort()
}
