import { basename, join } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { fewNames } from '../few-names.ts'
import { affectedClips } from './affected-clips.ts'
import { type Damage, damageOf } from './damage.ts'
import type { ShardRef } from './manifest.ts'
import type { FileRef } from './schema.ts'

/** Files that are under way at a time: one is read by libuv's threads while another one is hashed. */
const AT_ONCE = 2

/**
 * Makes sure that those files of shards which `isRead` are as they were written, before anybody reads them: each is hashed at its first use in this process.
 * Throws E_FILE_CHANGED, E_FILE_MISSING or E_FILE_UNREADABLE for the first that is not, with the clips that lean on it.
 */
export async function trustFiles(folder: string, shards: readonly ShardRef[], isRead: (ref: FileRef) => boolean): Promise<void> {
  const refs = shards.flatMap((shard) => shard.files.filter(isRead).map((ref) => ({ ref, shard })))
  const begun: Promise<Damage | null>[] = []
  for (const [at, { ref, shard }] of refs.entries()) {
    for (const { ref: next } of refs.slice(begun.length, at + AT_ONCE)) begun.push(damageOf(join(folder, 'shards', next.file), next))
    const damage = await begun[at]!
    if (damage !== null) throw damaged(basename(folder), `shards/${ref.file}`, damage, await affectedClips(folder, shard, ref))
  }
}

/** The refusal to read a damaged file. */
export function damaged(dataset: string, file: string, { code, message }: Pick<Damage, 'code' | 'message'>, clips: readonly string[] | null): ToolkitError {
  return new ToolkitError(code, `"${file}" of ${dataset}: ${message}; ${listed(clips)}`, {
    hint: `posetta verify ${dataset} --deep says what else is damaged; bring the file back from a backup; one of the newest version is also made anew when it is removed and the data set ingested again` })
}

function listed(clips: readonly string[] | null): string {
  if (clips === null) return 'which clips are affected cannot be told any more'
  return `${clips.length} ${clips.length === 1 ? 'clip is' : 'clips are'} affected${clips.length === 0 ? '' : `: ${fewNames(clips)}`}`
}
