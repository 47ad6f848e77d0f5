import { z } from 'zod'

const text = z.string().min(1)

/** A plain table, CSV or Parquet: one row per clip, frame and joint. Values of `columns` are the table's own names. */
const table = z.strictObject({
  kind: z.literal('table'),
})

/** Folders of pose files, one per frame. */
const poseJson = z.strictObject({
  kind: z.literal('pose-json'),
  format: z.enum(['openpose', 'coco']),
})

/** How a user's own files are laid out. */
export const layout = z.discriminatedUnion('kind', [table, poseJson])
void text
