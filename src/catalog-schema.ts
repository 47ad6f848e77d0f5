import { z } from 'zod'
import { layout } from './catalog-layout.ts'

const text = z.string().min(1)
const count = z.int().min(0)
/** Recordings per side. */
const sides = z.strictObject({ train: count, validation: count.optional(), test: count })
const index = z.tuple([text, text])

const skeleton = z.strictObject({
  note: text.nullable(),
  /** The subject's own name of every column, in column order, and the data set's own. */
  joints: z.record(text, text),
  edges: z.array(index),
  pairs: z.array(index),
})

const phases = z.strictObject({
  tccName: text,
  /** What happens where one phase ends and the next begins: one fewer than there are phases. */
  keyEvents: z.array(text),
  published: z.record(text, sides),
})

const action = z.strictObject({
  name: text,
  website: text.nullable(),
  /** First and last number of its clips; null = the data set does not number them by action. */
  ids: z.tuple([count, count]).nullable(),
  counts: sides,
  phases: phases.nullable(),
})

/** A difference from the published counts that is understood: of these actions (all of them, unless said), so many are found, and why. */
const known = z.strictObject({
  actions: z.array(text).optional(),
  /** Clips per side, or whose counts these are: `official`, or a column of `published`. */
  found: z.union([text, sides]),
  because: text,
})

const protocol = z.strictObject({
  title: text,
  origin: z.enum(['published', 'derived']).default('published'),
  /** Where it was published, or what it is derived from. */
  source: text.nullable().default(null),
  /** The file of src/queries/splits that makes it; its own name unless said. */
  query: text.optional(),
  /** What the counts count: recordings, or films (a recording seen by one camera). */
  of: z.enum(['recordings', 'films']).default('recordings'),
  counts: sides.nullable().default(null),
  known: z.array(known).default([]),
  acknowledgedLeaks: z.array(text).default([]),
})

const dataset = z.strictObject({
  name: text.regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and - only'),
  title: text,
  licence: text.default('not stated'),
  redistribution: z.strictObject({ annotations: z.boolean(), frames: z.boolean() }).default({ annotations: false, frames: false }),
  homepage: z.url().nullable().default(null),
  citation: text.nullable().default(null),
  adapter: text,
  /** The skeleton of its clips, or of most of them. */
  skeleton: text,
  /** Skeletons of its other sources. */
  otherSkeletons: z.array(text).default([]),
  source: text.default('manual'),
  /** What one recording is; no split divides it. */
  group: text.default('the clip'),
  fps: z.number().positive().nullable().default(null),
  /** As published, by recording: every recording counts once, whatever the number of cameras and sources; null = nothing is published. */
  counts: z.strictObject({ recordings: count, frames: count, ...sides.shape }).nullable().default(null),
  splits: z.record(text, protocol).default({}),
  trainable: z.strictObject({ withoutFlags: z.array(text), because: text }).default({ withoutFlags: [], because: 'nothing is left out' }),
  actions: z.array(action).default([]),
  /** Labels of a track (`action`, `verb`, `object`) by the data set's own numbers, from 0. */
  classes: z.record(text, z.array(text)).default({}),
  /** How a user's own files are laid out: what the adapters `table` and `pose-json` need to know. */
  layout: layout.nullable().default(null),
})

/** What a catalog file holds. Objects are strict: a key that is not here is a mistake. */
export const catalogSchema = z.strictObject({
  skeletons: z.record(text, skeleton).default({}),
  datasets: z.array(dataset).default([]),
})

export type CatalogFile = z.infer<typeof catalogSchema>

/** The keys that may stand at a path of a catalog file; `value` is what the file holds, which tells one kind of layout from another. */
export function keysAt(path: readonly PropertyKey[], value: unknown): readonly string[] {
  let schema: unknown = catalogSchema
  for (const step of [...path, null]) {
    while (schema instanceof z.ZodNullable || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) schema = schema.unwrap()
    if (schema instanceof z.ZodDiscriminatedUnion) schema = chosen(schema, value)
    if (step === null) break
    if (schema instanceof z.ZodObject) schema = schema.shape[String(step)]
    else if (schema instanceof z.ZodArray) schema = schema.element
    else if (schema instanceof z.ZodRecord) schema = schema.valueType
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step]
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

/** The one of several kinds of object that a value is meant to be. */
function chosen({ def: { discriminator, options } }: z.ZodDiscriminatedUnion, value: unknown): unknown {
  const kind = (value as Record<string, unknown> | null)?.[discriminator]
  return options.find((option) => option instanceof z.ZodObject && (option.shape[discriminator] as z.ZodType).safeParse(kind).success)
}
