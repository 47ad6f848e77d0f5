import type { IngestResult } from '../ingest/ingest.ts'

/** What an ingest did, for people. */
export function ingestText({ dataset, clips, frames, complete, checks, quarantined, ignored, hasFrames, shards, bytes, root }: IngestResult, { dryRun, seconds }: { dryRun: boolean; seconds: number }): string {
  if (dryRun) return `${dataset}: ${clips} clips to read${complete ? ', the whole download' : ', a part of the download'}${hasFrames ? ', with frames' : ', labels without frames'}; ${shards} shards`
  return [
    `${dataset}: ${clips} clips, ${frames} frames in ${shards} shards, ${((bytes ?? 0) / 1e6).toFixed(1)} MB, ${seconds.toFixed(2)} s`,
    complete ? checks.map(({ name, expected, found, ok }) => `${name} ${found} ${ok ? 'as published' : `but ${expected} were published`}`).join(', ') : 'a part of the download: published counts are not held against it',
    ...quarantined.map(({ source, code, message }) => `set aside ${source}: ${code}: ${message}`),
    ...(ignored.length === 0 ? [] : [`not part of the data set: ${ignored.slice(0, 5).join(', ')}${ignored.length > 5 ? ` and ${ignored.length - 5} more` : ''}`]),
    `root ${root}`,
  ].join('\n')
}
