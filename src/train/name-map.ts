import { z } from 'zod'

const axes = z.array(z.int().min(0))
const patterns = z.array(z.string()).default([])

/** A name map as files and records have it: docs/la2ds.md. */
export const nameMap = z.strictObject({
  rules: z.array(z.strictObject({ from: z.string(), to: z.string(), transpose: axes.exactOptional(), reshape: axes.exactOptional() })).default([]),
  skip: patterns, keep: patterns,
})
