import type { DryRun } from '../ingest/dry-run.ts'
import type { IngestResult } from '../ingest/ingest.ts'

/** What an ingest did, for people. */
export function ingestText(result: IngestResult & { readonly seconds: number }, part: string | undefined): string {
  const { seconds, dataset, clips, frames, images, complete, checks, quarantined, missing, ignored, read, shards, bytes, root } = result
  if (part !== undefined) return `${dataset}: part ${part}: ${clips} clips, ${frames} frames in ${shards} shards, ${seconds.toFixed(2)} s\nnext, when all parts are done: the same command without --part`
  return [
    `${dataset}: ${clips} clips, ${frames} frames${images > 0 ? `, ${images} pictures` : ''} in ${shards} shards, ${((bytes ?? 0) / 1e6).toFixed(1)} MB, ${seconds.toFixed(2)} s`,
    ...(read === 0 ? ['nothing has changed since the last ingest: no raw file was read'] : []),
    complete ? checks.map(({ name, expected, found, ok }) => `${name} ${found} ${ok ? 'as published' : `but ${expected} were published`}`).join(', ') : 'a part of the download: published counts are not held against it',
    ...(missing.length === 0 ? [] : [`not there: ${missing.join(', ')}`]),
    ...quarantined.slice(0, LISTED).map(({ source, code, message }) => `set aside ${source}: ${code}: ${message}`),
    ...(quarantined.length > LISTED ? [`and ${quarantined.length - LISTED} more: posetta sql "select source, code, message, readmit from quarantine order by source"`] : []),
    ...ignoredText(ignored),
    `root ${root}`,
  ].join('\n')
}

const LISTED = 20

/** What an ingest would do, for people. */
export function dryRunText({ dataset, films, unchanged, bytes, seconds, frames, complete, shards, missing, ignored }: DryRun): string {
  return [
    `${dataset}: ${films} films in ${shards} shards, ${complete ? 'the whole download' : 'a part of the download'}, frames: ${frames}`,
    `to read: ${films - unchanged} films, ${(bytes / 1e6).toFixed(1)} MB, about ${seconds.toFixed(1)} s on one thread${unchanged > 0 ? `; ${unchanged} have not changed since they were read` : ''}`,
    ...(missing.length === 0 ? [] : [`not there: ${missing.join(', ')}`]),
    ...ignoredText(ignored),
  ].join('\n')
}

function ignoredText(ignored: readonly string[]): string[] {
  return ignored.length === 0 ? [] : [`not part of the data set: ${ignored.slice(0, 5).join(', ')}${ignored.length > 5 ? ` and ${ignored.length - 5} more` : ''}`]
}
