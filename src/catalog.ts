import type { Skeleton } from './skeleton.ts'

// to be filled: zod schema, readCatalog
export type DatasetEntry = { readonly name: string; readonly skeleton: Skeleton }
