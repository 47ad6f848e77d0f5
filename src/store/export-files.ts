import type { Column } from './schema.ts'

/** What an export holds beside the files of its format: this file, and a folder with the places of clips and what the format has no room for. */
export const EXPORT_FILE = 'posetta-export.json'
/** The folder is a store of the same clips without the joints that the format holds. */
export const REST_FOLDER = 'posetta'
/** Where each clip lies, on which side it is, and the hash it has in the store it came from. */
export const INDEX_FILE = `${REST_FOLDER}/index.parquet`
export const indexColumns: readonly Column[] = (['clip_id', 'side', 'hash', 'file', 'place'] as const).map((name) => ({ name, type: 'text' }))

export const exportKinds = ['pyskl', 'coco', 'webdataset', 'hf'] as const
export type ExportKind = (typeof exportKinds)[number]
