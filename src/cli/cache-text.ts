import { textTable } from './text-table.ts'

type Entry = { readonly key: string; readonly dataset: string | null; readonly name: string | null; readonly clips: number | null; readonly bytes: number; readonly lastUsed: string | null; readonly inUse: boolean }

/** The entries of a cache, the least recently used first, after what was let go of and what could not be. */
export function cacheText({ dir, entries, evicted, inUse }: { readonly dir: string; readonly entries: readonly Entry[]; readonly evicted: readonly Entry[]; readonly inUse: readonly Entry[] }): string {
  const told = [
    ...evicted.map(({ key, bytes }) => `evicted ${key.slice(0, 12)}, ${bytes} bytes`),
    ...inUse.map(({ key }) => `kept ${key.slice(0, 12)}: a process is using it; run this again when it is done`),
  ]
  if (entries.length === 0) return [...told, `no training shards in ${dir}; a training or a stream makes them at its first use`].join('\n')
  const rows = entries.map(({ key, dataset, name, clips, bytes, lastUsed, inUse }) => [
    key.slice(0, 12), dataset, name, clips, bytes, lastUsed, [...(dataset === null ? ['damaged: the next use makes it anew'] : []), ...(inUse ? ['in use'] : [])].join(', ')])
  return [...told, textTable(['key', 'dataset', 'clips of', 'clips', 'bytes', 'last used', ''], rows), `${entries.reduce((sum, { bytes }) => sum + bytes, 0)} bytes in ${dir}`].join('\n')
}
