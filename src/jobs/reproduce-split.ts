import { ToolkitError } from '../errors.ts'
import { rebuildMembers } from '../queries/rebuild-members.ts'
import { hashSides, type Side, type Split } from '../split.ts'
import { findRoot } from '../store/index.ts'
import type { RunRecord } from '../train/index.ts'
import { compare, type Findings } from './difference.ts'

/** Runs the query of a split again, over the version it was made on where that is kept, else over the run's, and compares the members. */
export async function reproduceSplit({ storeDir, catalogFiles, record, split, commit, scratch }: {
  storeDir: string; catalogFiles: readonly string[]; record: RunRecord; split: Split & { readonly root: string }; commit: string; scratch: string
}): Promise<Findings> {
  const { dataset, name, root, hash } = split
  const madeOn = await findRoot(storeDir, dataset, root)
  const notes = madeOn === null ? [{ what: `version that split ${name} was made on`, was: root, is: 'gone; its query reads the version of the run' }] : []
  const recorded = compare(`split ${name} of run ${record.run}`, record.split.hash, hash)
  try {
    const members = await rebuildMembers({ storeDir, runsDir: scratch, catalogFiles, at: [`${dataset}@${madeOn?.commit ?? commit}`] }, split)
    const moved = movedClips(split.sides, members)
    const where = moved.length === 0 ? '' : ` (${moved.length} ${moved.length === 1 ? 'clip is' : 'clips are'} elsewhere, such as ${moved[0]})`
    return { notes, differences: [...recorded, ...compare(`members of split ${name}${where}`, hash, hashSides(members))] }
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    return { notes, differences: [...recorded, { what: `members of split ${name}`, was: hash, is: `${error.code}: ${error.message}`, tolerance: null }] }
  }
}

function movedClips(was: Split['sides'], is: Split['sides']): string[] {
  const sidesOf = (sides: Split['sides']): Map<string, Side> => new Map(Object.entries(sides).flatMap(([side, ids]) => ids.map((id) => [id, side as Side] as const)))
  const [before, now] = [sidesOf(was), sidesOf(is)]
  return [...new Set([...before.keys(), ...now.keys()])].filter((id) => before.get(id) !== now.get(id)).sort()
}
