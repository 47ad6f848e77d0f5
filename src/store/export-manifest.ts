import { z } from 'zod'
import { ToolkitError } from '../errors.ts'
import { exportKinds } from './export-files.ts'
import { unsealJson } from './sealed-json.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)

const exportManifest = z.strictObject({
  format: z.literal(1),
  kind: z.enum(exportKinds),
  dataset: z.string(),
  title: z.string(),
  licence: z.string(),
  /** What the licence lets whoever has this pass on. */
  redistribution: z.strictObject({ annotations: z.boolean(), frames: z.boolean() }),
  homepage: z.string().nullable(),
  citation: z.string().nullable(),
  /** Of the data in the store it was made of. */
  root: hash,
  /** null = every clip. */
  split: z.strictObject({ name: z.string(), hash, sides: z.record(z.string(), count) }).nullable(),
  /** The image files themselves are in it. */
  pictures: z.boolean(),
  /** Names of the classes that labels count, from 0. */
  labels: z.array(z.string()),
  writer: z.string(),
  clips: count,
  frames: count,
  /** Merkle root over the logical hashes of the clips, by id: the root of a store that has these clips and neither pictures nor a quarantine. */
  clipsRoot: hash,
  /** Clips that the format cannot hold. */
  leftOut: z.array(z.strictObject({ code: z.string(), message: z.string(), count, examples: z.array(z.string()) })),
  files: z.array(z.strictObject({ file: z.string(), bytes: count, sha256: hash })),
})

/** What an export says about itself; it ends in the sha256 of itself, as a store's manifest does. */
export type ExportManifest = z.infer<typeof exportManifest>

/** Reads the text of `posetta-export.json`; `file` is named in what it throws. Throws E_EXPORT_MANIFEST. */
export function parseExportManifest(text: string, file: string): ExportManifest {
  const hint = 'export the data set again, into a new folder'
  const problem = (what: string): ToolkitError => new ToolkitError('E_EXPORT_MANIFEST', `"${file}" ${what}`, { hint })
  const unsealed = unsealJson(text)
  if ('problem' in unsealed) throw problem(unsealed.problem)
  const parsed = exportManifest.safeParse(unsealed.value)
  if (!parsed.success) throw problem(`is of another format: ${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`)
  return parsed.data
}
