import type { ClipChange, Garbage, Removal, VersionDiff } from '../store/index.ts'
import { textTable } from './text-table.ts'

/** One version as `posetta log` lists it. */
export type LoggedVersion = {
  readonly dataset: string
  readonly commit: string
  readonly root: string
  readonly clips: number
  readonly frames: number
  readonly complete: boolean
  readonly tags: readonly string[]
  /** Clips that were purged from it. */
  readonly purged: number
}

const LISTED = 20

/** Versions, newest first. */
export function logText(versions: readonly LoggedVersion[]): string {
  return textTable(['dataset', 'commit', 'root', 'clips', 'frames', 'tags', 'note'], versions.map(({ dataset, commit, root, clips, frames, complete, tags, purged }) => [
    dataset, commit.slice(0, 12), root.slice(0, 12), clips, frames, tags.join(', '), [...(complete ? [] : ['a part']), ...(purged > 0 ? [`${purged} clips purged`] : [])].join(', ')]))
}

/** What two versions differ in: ids first, then clip by clip. */
export function diffText({ from, to, added, removed, changed, pictures, quarantine }: VersionDiff): string {
  const named = (what: string, ids: readonly string[]): string[] => (ids.length === 0 ? [] : [`${ids.length} ${what}: ${shortened(ids)}`])
  const aside = [...quarantine.added.map((one) => `set aside: ${one}`), ...quarantine.removed.map((one) => `no longer set aside: ${one}`)]
  const lines = [
    ...named('clips added', added), ...named('clips removed', removed), ...named('clips changed', changed.map(({ clip }) => clip)), ...changed.slice(0, LISTED).flatMap(changeLines),
    ...named('films with other pictures', pictures), ...aside.slice(0, LISTED),
  ]
  return [`${from.slice(0, 12)} -> ${to.slice(0, 12)}`, ...(lines.length === 0 ? ['no difference'] : lines)].join('\n')
}

function changeLines({ clip, columns, tables, joints, frames }: ClipChange): string[] {
  return [
    ...columns.map(({ column, from, to }) => `  ${clip}  ${column}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`),
    ...tables.map(({ table, removed, added }) => `  ${clip}  ${table}: ${removed.length} rows less, ${added.length} more`),
    ...joints.map(({ joint, moved, mean, max, confidences, states }) => `  ${clip}  ${joint}: ${[
      ...(moved > 0 ? [`moved in ${moved} frames${mean === null ? '' : `, by ${mean.toFixed(2)} on average, ${max!.toFixed(2)} at most`}`] : []),
      ...(confidences > 0 ? [`${confidences} confidences`] : []), ...(states > 0 ? [`${states} states`] : [])].join('; ')}`),
    ...frames.map(({ column, rows }) => `  ${clip}  ${column}: ${rows} frames`),
  ]
}

/** What a collection would let go of, or has. */
export function garbageText(garbage: readonly Garbage[], isDone: boolean): string {
  const lines = garbage.flatMap(({ dataset, kept, dropped, lost, files, bytes }) => [
    ...kept.map(({ commit, because }) => `${dataset} ${commit.slice(0, 12)} is kept: ${because.join(', ')}`),
    ...dropped.map(({ commit, clips }) => `${dataset} ${commit.slice(0, 12)} ${isDone ? 'is gone' : 'would go'}: ${clips} clips, no tag, split or run needs it`),
    ...lost.map((commit) => `${dataset} ${commit.slice(0, 12)} ${isDone ? 'is forgotten' : 'would be forgotten'}: its own file is gone`),
    `${dataset}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB ${isDone ? 'freed' : 'to free'}`,
  ])
  return [...lines, ...(isDone || garbage.every(({ dropped, lost, files }) => dropped.length + lost.length + files === 0) ? [] : ['next: posetta gc --yes'])].join('\n')
}

/** What was taken out, and where else it may be. */
export function removalText({ dataset, removed, purged, commit, root, splits, runs, unread }: Removal & { readonly [holder in 'splits' | 'runs' | 'unread']: readonly string[] }): string {
  return [
    `${dataset}: ${removed.length} clips removed${removed.length === 0 ? '' : `: ${shortened(removed)}`}`,
    ...(purged.length === 0 ? [] : [`purged from ${purged.length} earlier versions: ${purged.map((one) => one.slice(0, 12)).join(', ')}`]),
    ...(splits.length === 0 ? [] : [`splits that name them, and cannot be trained on in the newest version: ${splits.join(', ')}`]),
    ...(runs.length === 0 ? [] : [`runs that keep embeddings of them: ${runs.join(', ')}; posetta runs --remove RUN`]),
    ...(unread.length === 0 ? [] : [`cannot be read, and may name them too: ${unread.join(', ')}`]),
    `commit ${commit.slice(0, 12)}, root ${root}`,
  ].join('\n')
}

function shortened(ids: readonly string[]): string {
  return `${ids.slice(0, LISTED).join(', ')}${ids.length > LISTED ? ` and ${ids.length - LISTED} more` : ''}`
}
