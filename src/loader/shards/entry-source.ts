import type { Manifest } from '../../store/index.ts'
import type { Resizing } from '../frames/index.ts'

/** How small pictures become, and the raw folder of those that the store keeps by reference; left out: all are embedded. */
export type PictureRequest = Resizing & { readonly rawDir?: string | undefined }

/** Where an entry comes from: clips of a version of the store, `ids` sorted, null = all of it; and their pictures, null = without. */
export type EntrySource = { readonly storeDir: string; readonly manifest: Manifest; readonly ids: readonly string[] | null; readonly pictures: PictureRequest | null }
