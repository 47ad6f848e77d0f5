import type { DatasetEntry } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import { fewNames } from '../few-names.ts'
import type { Side, Split } from '../split.ts'
import { listVersions, type Manifest, readManifest, versionHashes } from '../store/index.ts'

/** A member of a split that a version lacks: it was purged from it, or never in it. */
export type Lacking = { readonly clip: string; readonly side: Side; readonly isPurged: boolean }

/** The sides of a split without the clips that a version lacks, and those. */
export async function membersIn(storeDir: string, manifest: Manifest, { sides }: Split): Promise<{ sides: Split['sides']; lacking: readonly Lacking[] }> {
  const held = await versionHashes(storeDir, manifest)
  const purged = purgedClips(manifest)
  const members = Object.entries(sides) as [Side, readonly string[]][]
  return {
    sides: Object.fromEntries(members.map(([side, ids]) => [side, ids.filter((id) => held.has(id))])),
    lacking: members.flatMap(([side, ids]) => ids.filter((id) => !held.has(id)).map((clip) => ({ clip, side, isPurged: purged.has(clip) }))),
  }
}

/** Clips that were purged from a version, with their logical hashes. */
export function purgedClips({ purged }: Manifest): Map<string, string> {
  return new Map(purged.flatMap(({ kind, id, hash }) => (kind === 'clip' ? [[id, hash] as const] : [])))
}

/**
 * Throws E_SPLIT_CLIP for clips that were never in the version, with the newest one that has all; E_CLIP_PURGED for clips that were purged from it, unless the
 * catalog knows them to be of another action.
 */
export async function refuseLacking(lacking: readonly Lacking[], { storeDir, manifest, split: { name, sides }, entry, action }: {
  storeDir: string; manifest: Manifest; split: Split; entry: DatasetEntry; action: string | null
}): Promise<void> {
  const { dataset, commit } = manifest
  const version = `version ${commit.slice(0, 12)} of ${dataset}`
  const absent = lacking.filter(({ isPurged }) => !isPurged).map(({ clip }) => clip)
  if (absent.length > 0) {
    const whole = await newestWith(storeDir, dataset, Object.values(sides).flat())
    const verb = absent.length === 1 ? 'is' : 'are'
    throw new ToolkitError('E_SPLIT_CLIP', `split "${name}": ${absent.length} of its clips ${verb} not in ${version}: ${fewNames(absent)}`, {
      hint: `${whole === null ? '' : `train --at ${whole}, the newest version that has them all, or `}make the split anew under another name` })
  }
  const purged = lacking.filter(({ clip, isPurged }) => isPurged && mayBeOf(entry, clip, action)).map(({ clip }) => clip)
  if (purged.length === 0) return
  const verb = purged.length === 1 ? 'was' : 'were'
  throw new ToolkitError('E_CLIP_PURGED', `split "${name}": ${purged.length} of its clips ${verb} purged from ${version}: ${fewNames(purged)}`, {
    hint: 'nothing brings them back: make a split without them under another name, and train on that; what was measured before is kept: posetta report RUN' })
}

export function isPurge(error: unknown): error is ToolkitError {
  return error instanceof ToolkitError && error.code === 'E_CLIP_PURGED'
}

/** The newest version that has all of these clips, by its tag or the digits of its commit; null = none. */
async function newestWith(storeDir: string, dataset: string, ids: readonly string[]): Promise<string | null> {
  const { tags } = await readManifest(storeDir, dataset)
  for (const version of await listVersions(storeDir, dataset)) {
    const held = await versionHashes(storeDir, version)
    if (ids.every((id) => held.has(id))) return Object.keys(tags).find((tag) => tags[tag] === version.commit) ?? version.commit.slice(0, 12)
  }
  return null
}

/** Of a purged clip only its name is left, and where the catalog numbers the recordings of actions, the name tells the action. */
function mayBeOf({ actionEntries }: DatasetEntry, clip: string, action: string | null): boolean {
  const number = Number(clip.split('/').at(-1))
  const known = actionEntries.find(({ ids }) => ids !== null && number >= ids[0] && number <= ids[1])
  return action === null || known === undefined || known.name === action
}
