import { textTable } from './text-table.ts'

type Entry = { readonly key: string; readonly dataset: string | null; readonly name: string | null; readonly clips: number | null; readonly bytes: number; readonly lastUsed: string | null; readonly inUse: boolean }

/** The entries of a cache, the least recently used first, after what was let go of and what could not be. */
export function cacheText({ entries, evicted, inUse }: { readonly entries: readonly Entry[]; readonly evicted: readonly Entry[]; readonly inUse: readonly Entry[] }): string {
  const rows = entries.map(({ key, dataset, name, clips, bytes, lastUsed, inUse }) => [key.slice(0, 12), dataset, name, clips, bytes, lastUsed, inUse ? 'in use' : ''])
  return [
    ...evicted.map(({ key, bytes }) => `evicted ${key.slice(0, 12)}, ${bytes} bytes`), ...inUse.map(({ key }) => `kept ${key.slice(0, 12)}: it is in use`),
    textTable(['key', 'dataset', 'clips of', 'clips', 'bytes', 'last used', ''], rows), `${entries.reduce((sum, { bytes }) => sum + bytes, 0)} bytes`,
  ].join('\n')
}
