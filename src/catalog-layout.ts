import { z } from 'zod'

const text = z.string().min(1)
/** A column by the table's own name; null = none, though the table has one of that name. Left out: the column of the key's own name, where there is one. */
const column = text.nullable().optional()

/** What a table or the names of files may say about a whole clip; `side` is the data set's own split. */
export const clipKeys = ['action', 'side', 'group', 'subject', 'scene', 'camera', 'view', 'width', 'height', 'fps'] as const
type ClipKey = (typeof clipKeys)[number]

const clipColumns = {
  action: column, side: column, group: column, subject: column, scene: column, camera: column, view: column, width: column, height: column, fps: column,
  /** Columns of further published splits, by the split's name. */
  sides: z.record(text, text).optional(),
} satisfies Record<ClipKey | 'sides', z.ZodType>

/** A table of one row per clip. */
const labels = z.strictObject({ file: text, columns: z.strictObject({ clip: column, ...clipColumns }).default({}) })

/** A table of one row per segment; those of the track `phase` are the phases of their clip. */
const segments = z.strictObject({
  file: text,
  columns: z.strictObject({ clip: column, track: column, start: column, end: column, label: column, number: column }).default({}),
  /** The track of all of them, where no column says it. */
  track: text.default('action'),
  /** Whether the frame in the column `end` still belongs to the segment (inclusive) or is the first that does not. */
  ends: z.enum(['exclusive', 'inclusive']),
})

/** The names in braces of a pattern. */
function placeholdersOf(pattern: string): string[] {
  return [...pattern.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name!)
}

/** Names in braces stand for what the path says about the clip: `{side}/{action}/{clip}.csv`. */
const files = text.superRefine((pattern, context) => {
  const names = placeholdersOf(pattern)
  const unknown = names.find((name) => name !== 'clip' && !clipKeys.includes(name as ClipKey))
  const known = ['clip', ...clipKeys].map((name) => `{${name}}`).join(', ')
  if (unknown !== undefined) context.addIssue({ code: 'custom', message: `nothing is called {${unknown}}; there are ${known}` })
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice !== undefined) context.addIssue({ code: 'custom', message: `{${twice}} stands there twice` })
})

const common = {
  /** Paths relative to the raw folder: `*` and `?` within a folder, `**` over any number of them. */
  files,
  /** The number of the first frame. */
  firstFrame: z.literal([0, 1]).default(0),
  /** px of the picture, where nothing else says it; only coordinates in metres or centimetres do without. */
  width: z.int().positive().nullable().default(null),
  height: z.int().positive().nullable().default(null),
  /** `normalised`: 0..1 of the picture's width and height (z: of its width); the store keeps px. */
  unit: z.enum(['px', 'm', 'cm', 'normalised']).default('px'),
  labels: labels.nullable().default(null),
  segments: segments.nullable().default(null),
}

/** A plain table, CSV or Parquet: one row per clip, frame and joint, or per clip and frame. */
const table = z.strictObject({
  kind: z.literal('table'),
  ...common,
  columns: z.strictObject({
    clip: column, frame: column, person: column, joint: column, x: column, y: column, z: column, confidence: column,
    /** How columns are called where a row holds all joints: `{joint}_{axis}`. Then x, y, z and confidence above are what stands for the axis. */
    wide: text.refine((name) => placeholdersOf(name).sort().join() === 'axis,joint', 'a column is named by {joint} and {axis}: {joint}_{axis}').optional(),
    ...clipColumns,
  }).default({}),
  /** A joint is absent where all of these say so: `{ x: 0, y: 0 }`. Empty cells and NaN always do. */
  missing: z.strictObject({ x: z.number().optional(), y: z.number().optional(), z: z.number().optional(), confidence: z.number().optional() }).default({}),
}).superRefine(({ files, columns }, context) => {
  if (placeholdersOf(files).includes('clip') && typeof columns.clip === 'string') {
    context.addIssue({ code: 'custom', path: ['columns', 'clip'], message: 'the clip is named twice: by a column and by {clip} in files' })
  }
})

/** Folders of pose files, one per frame or, in COCO's form, per clip. */
const poseJson = z.strictObject({
  kind: z.literal('pose-json'),
  format: z.enum(['openpose', 'coco']),
  ...common,
  /** The first person of every frame, or all of them. */
  persons: z.enum(['first', 'all']).default('all'),
}).superRefine(({ files }, context) => {
  if (placeholdersOf(files).includes('clip')) return
  context.addIssue({ code: 'custom', path: ['files'], message: 'no {clip} says which clip a file is about: json/{clip}/*.json' })
})

/** How a user's own files are laid out. */
export const layout = z.discriminatedUnion('kind', [table, poseJson])

export type TableLayout = z.infer<typeof table>
export type PoseJsonLayout = z.infer<typeof poseJson>
