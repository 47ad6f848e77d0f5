import type { Clip } from '../clip.ts'
import type { DatasetEntry } from '../catalog.ts'
import type { Skeleton } from '../skeleton.ts'
import type { Side } from '../split.ts'
import type { StoredImage } from '../store/index.ts'
import type { ExportManifest } from '../store/export-manifest.ts'
import type { OutputFolder } from './output-folder.ts'

/** A clip on its way out. */
export type OutgoingClip = {
  readonly clip: Clip
  /** Its id without the data set: what formats call it. */
  readonly name: string
  /** null = the export is of no split. */
  readonly side: Side | null
  /** The number of its action among the labels; null = it has none. */
  readonly label: number | null
  /** null = it has no joints. */
  readonly skeleton: Skeleton | null
  /** Pictures of its film, in order of frame. */
  readonly images: readonly StoredImage[]
  /** Those of them whose image files go along. */
  readonly pictures: readonly StoredImage[]
  /** The image files of `pictures`, in their order. */
  readPictures(): AsyncIterable<Uint8Array>
}

/** Where a clip lies in an export: a file, and where in it. */
export type ClipPlace = { readonly file: string; readonly place: string | null }

/** An export being written. */
export type FormatWriter = {
  add(clip: OutgoingClip): Promise<void>
  /** Ends all files; answers where each clip lies, by id. */
  finish(): Promise<ReadonlyMap<string, ClipPlace>>
}

/** Why a format cannot hold a clip. */
export type Lack = { readonly code: string; readonly message: string }

export type FormatContext = {
  readonly entry: DatasetEntry
  readonly folder: OutputFolder
  readonly about: Pick<ExportManifest, 'labels' | 'pictures' | 'split'>
  /** Bytes after which a file of many clips ends. */
  readonly fileBytes: number
}

/** All that is known about one format. */
export type ExportFormat = {
  readonly holdsPictures: boolean
  /** Whether it keeps the confidence of joints, bit for bit. */
  holdsConfidence(clip: Clip): boolean
  /** null = it can hold the clip. */
  lack(clip: Clip): Lack | null
  open(context: FormatContext): Promise<FormatWriter>
}

/** The part of an export that a clip goes to, where formats have parts: its side, or `clips` for an export of no split. */
export function partOf({ side }: Pick<OutgoingClip, 'side'>): string {
  return side ?? 'clips'
}
