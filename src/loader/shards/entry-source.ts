import type { Manifest } from '../../store/index.ts'
import type { Resizing } from '../frames/index.ts'

/** How small pictures become, and the raw folder of those that the store keeps by reference; left out: all are embedded. */
export type PictureRequest = Resizing & { readonly rawDir?: string | undefined }

/** A picture of which nothing could be made: the file it lies in, of the raw folder, and what is wrong with it. */
export type UnreadablePicture = {
  readonly film: string; readonly frame: number; readonly path: string; readonly code: 'E_PICTURE_UNREADABLE' | 'E_PICTURE_MISSING' | 'E_PICTURE_CHANGED'; readonly fault: string
}

/** `lacking`: those that the raw folder did not have, by film and frame; left out: it has all. */
export type PicturesToMake = PictureRequest & { readonly lacking?: readonly UnreadablePicture[] }

/** Where an entry comes from: clips of a version of the store, `ids` sorted, null = all of it; and their pictures, null = without. */
export type EntrySource = { readonly storeDir: string; readonly manifest: Manifest; readonly ids: readonly string[] | null; readonly pictures: PicturesToMake | null }
