import type { Annotated } from './ikea-database.ts'
import type { Stretch } from './ikea-plan.ts'

/** What is odd about the published data set, by a stable name. */
export type IkeaFlawKind = PlanFlaw | FileFlaw | 'allstar-name' | 'surplus-frames' | 'misspelt-furniture' | 'unlisted-scan'
type PlanFlaw = 'ending-beyond-film' | 'overlapping-rows' | 'rows-out-of-order' | 'unlisted-pair' | 'one-frame-run'
type FileFlaw = 'missing-pose-file' | 'truncated-json' | 'sixteen-joints' | 'summary-file' | 'frame-gap'

/** One oddity and its place: a file of the raw layout, the scan it is about, the frame, and the row among the scan's rows; null = about all of it. */
export type IkeaFlaw = {
  readonly kind: IkeaFlawKind
  readonly path: string
  readonly scan: string
  readonly frame: number | null
  readonly row: number | null
}

/** What happens, and what the database says about it. */
export type RecordedPlan = {
  readonly stretches: readonly Stretch[]
  /** In the order of their ids. */
  readonly rows: readonly Annotated[]
  readonly flaws: readonly { readonly kind: PlanFlaw; readonly frame: number; readonly row: number }[]
}

/** Scans that bear flaws, by their number: each its own. */
export const FLAWED = { rows: 0, files: 1, allstar: 2, broken: 3 } as const
/** Frames that a film of dev3 has beyond its labels. */
export const SURPLUS = 3

/** The database's rows as they should be. */
export function recordPlan(stretches: readonly Stretch[]): RecordedPlan {
  return { stretches, rows: stretches.map(({ deed: [action, object], start, end }) => ({ action, object, start, end })), flaws: [] }
}

/** The same with what is odd about scan `index`: the labels that come out are those of `stretches`. */
export function recordFlawedPlan(index: number, stretches: readonly Stretch[], frames: number): RecordedPlan {
  switch (index) {
    case FLAWED.rows: return overlapped(stretches, frames)
    case FLAWED.files: return withUnlisted(recordPlan(stretches))
    case FLAWED.allstar: return outOfOrder(stretches)
    default: return recordPlan(stretches)
  }
}

/** The first row runs three frames into the second, which wins; the last one ends a frame after the film. */
function overlapped(given: readonly Stretch[], frames: number): RecordedPlan {
  const final = given.length - 1
  const stretches = given.with(0, { ...given[0]!, end: given[1]!.start }).with(final, { ...given[final]!, end: frames })
  const { rows } = recordPlan(stretches)
  const first = rows[0]!
  return {
    stretches, rows: rows.with(0, { ...first, end: first.end + 3 }).with(final, { ...rows[final]!, end: frames + 1 }),
    flaws: [{ kind: 'overlapping-rows', frame: first.end, row: 0 }, { kind: 'ending-beyond-film', frame: frames, row: final }],
  }
}

/** `pick up table` and `spin leg` with a leg, while nothing is done that has a label. */
function withUnlisted({ stretches, rows }: RecordedPlan): RecordedPlan {
  const after = rows.at(-1)!.end + 1
  return {
    stretches, rows: [{ action: 2, object: 4, start: 1, end: 5 }, ...rows, { action: 6, object: 2, start: after, end: after + 4 }],
    flaws: [{ kind: 'unlisted-pair', frame: 1, row: 0 }, { kind: 'unlisted-pair', frame: after, row: rows.length + 1 }],
  }
}

/** A single frame between the first two; of the last two the later deed has the earlier row and begins three frames too soon, so that the other one wins. */
function outOfOrder(given: readonly Stretch[]): RecordedPlan {
  const final = given.length - 1
  const stretches = given.with(0, { ...given[0]!, end: given[1]!.start - 1 }).with(final - 1, { ...given[final - 1]!, end: given[final]!.start })
  const { rows } = recordPlan(stretches)
  const last = rows.at(-1)!
  return {
    stretches, rows: [...rows.slice(0, -2), { ...last, start: last.start - 3 }, rows.at(-2)!],
    flaws: [{ kind: 'one-frame-run', frame: rows[0]!.end, row: 0 }, { kind: 'rows-out-of-order', frame: last.start - 3, row: rows.length - 2 }],
  }
}

/** The one file that each of these kinds strikes, and the number of the scan. */
const struck: readonly { readonly kind: FileFlaw; readonly index: number; readonly path: string; readonly frame: number | null }[] = [
  { kind: 'missing-pose-file', index: FLAWED.files, path: 'dev1/predictions/pose2d/keypoint_rcnn_ft_all/scan_video_000000000011_keypoints.json', frame: 11 },
  { kind: 'truncated-json', index: FLAWED.broken, path: 'dev2/predictions/pose2d/keypoint_rcnn_ft_all/scan_video_000000000013_keypoints.json', frame: 13 },
  { kind: 'sixteen-joints', index: FLAWED.broken, path: 'dev1/predictions/pose2d/keypoint_rcnn_ft_all/scan_video_000000000017_keypoints.json', frame: 17 },
  { kind: 'summary-file', index: FLAWED.broken, path: 'dev3/predictions/pose2d/openpose/output_coco_format.json', frame: null },
  { kind: 'frame-gap', index: FLAWED.broken, path: 'dev1/images/000019.jpg', frame: 19 },
]

/** Everything odd about a scan. */
export function flawsOf(index: number, { path, folder }: { path: string; folder: string }, plan: RecordedPlan, frames: number): IkeaFlaw[] {
  const database = 'ikea_annotation_db_full'
  const about = (kind: IkeaFlawKind, where: string, { frame = null, row = null }: { frame?: number | null; row?: number | null } = {}): IkeaFlaw => ({
    kind, path: where, scan: path, frame, row,
  })
  return [
    ...plan.flaws.map(({ kind, frame, row }) => about(kind, kind === 'one-frame-run' ? 'gt_segments.json' : database, { frame, row })),
    ...(index === FLAWED.allstar ? [about('allstar-name', path)] : []),
    ...(index === FLAWED.files ? [about('surplus-frames', `${path}/dev3`, { frame: frames })] : []),
    ...(folder === 'Lack_Coffee_Table' ? [about('misspelt-furniture', database)] : []),
    ...struck.filter((one) => one.index === index).map(({ kind, path: file, frame }) => about(kind, `${path}/${file}`, { frame })),
  ]
}

/** What a flaw makes of a file; null = it is left out. */
export function strike({ kind }: IkeaFlaw, bytes: Uint8Array): Uint8Array | null {
  switch (kind) {
    case 'missing-pose-file': case 'frame-gap': return null
    case 'truncated-json': return bytes.subarray(0, Math.floor(bytes.length / 2))
    case 'sixteen-joints': return Buffer.from(Buffer.from(bytes).toString().replace(/("pose_keypoints_2d":\[(?:[^,\]]+,){47}[^,\]]+)[^\]]*/, '$1'))
    default: return bytes
  }
}
