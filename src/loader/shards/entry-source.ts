import type { Manifest } from '../../store/index.ts'
import type { Resizing } from '../frames/index.ts'

/** Where an entry comes from: clips of a version of the store, `ids` sorted, null = all of it; and, unless null, how small their pictures become. */
export type EntrySource = { readonly storeDir: string; readonly manifest: Manifest; readonly ids: readonly string[] | null; readonly pictures: Resizing | null }
