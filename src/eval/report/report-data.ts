import type { Clip, SourceRef } from '../../clip.ts'
import type { Comparison, Measure } from '../evaluate.ts'
import type { Protocol } from '../protocol.ts'
import type { Probed } from '../probes/probe-encoder.ts'
import type { CurvePoint } from '../robustness/curves.ts'

/** One run as a report shows it. */
export type ReportRun = {
  readonly run: string
  readonly model: string
  readonly action: string
  readonly seed: number
  readonly device: string
  readonly steps: number
  readonly seconds: number
  readonly started: string
  readonly state: string
  readonly split: { readonly name: string; readonly hash: string }
  /** Root of the store the clips came from. */
  readonly root: string
  /** How many models it is a part of; null = not known (embeddings that were given). */
  readonly scope: Protocol['scope']
  readonly clips: { readonly train: number; readonly validation: number; readonly test: number }
  /** Where the test clips' keypoints come from: `manual`, `synthetic`, ... */
  readonly sources: readonly string[]
  readonly best: { readonly step: number; readonly value: number } | null
  readonly config: unknown
  readonly versions: Readonly<Record<string, string>>
  readonly loss: readonly { readonly step: number; readonly loss: number }[]
  readonly validation: readonly { readonly step: number; readonly value: number }[]
  readonly measures: readonly Measure[]
  readonly comparisons: readonly Comparison[]
  /** What the run's encoder was found to be, then those probed beside it; none for a run evaluated before there were probes. */
  readonly probes: readonly Probed[]
  /** Curves over corruptions; none where they were not measured. */
  readonly robustness: readonly CurvePoint[]
  /** null = the test side has fewer than two clips with joints, or the section is of all actions. */
  readonly alignment: AlignmentFigure | null
}

/** A clip as it is drawn: x, y of each joint in px of its own square box, null where absent; phases per frame when known. */
export type Film = {
  readonly id: string
  readonly frames: number
  readonly side: number
  /** [T][J x 2] */
  readonly joints: readonly (readonly (number | null)[])[]
  readonly phases: readonly number[] | null
  readonly labels: 'annotated' | 'pseudo' | null
  /** Frames [start, end) of the clip that are shown. */
  readonly start: number
  readonly end: number
  readonly files: readonly SourceRef[]
}

/** B following A: for each frame of A the frame of B that each encoder takes for its counterpart. */
export type AlignmentFigure = {
  readonly a: Film
  readonly b: Film
  readonly edges: readonly (readonly [number, number])[]
  readonly pairs: readonly (readonly [number, number])[]
  readonly followers: readonly { readonly name: string; readonly title: string; readonly frames: readonly number[] }[]
  readonly note: string
}

export type DatasetCard = { readonly name: string; readonly title: string; readonly licence: string; readonly homepage: string | null; readonly citation: string | null }

/** `report.json`: everything `report.html` shows, as data. */
export type ReportData = {
  readonly format: 1
  readonly title: string
  /** What keeps the runs from being compared; none = they are alike. */
  readonly warnings: readonly string[]
  /** ISO 8601. */
  readonly made: string
  readonly posetta: string
  readonly dataset: DatasetCard
  readonly runs: readonly ReportRun[]
  /** Headlines over the seeds of one training, where there are several: means, with the seeds drawn again inside of every interval. */
  readonly seeds: readonly { readonly action: string; readonly runs: readonly string[]; readonly measures: readonly Measure[]; readonly comparisons: readonly Comparison[] }[]
  readonly baselines: readonly { readonly name: string; readonly title: string }[]
  readonly methods: readonly string[]
}

/** Joints of the first person of a clip for drawing, rounded to a tenth of a px of a box of side 200. */
export function film(shown: Clip, { whole, start, end, phases, labels }: {
  whole: Clip; start: number; end: number; phases: readonly number[] | null; labels: Film['labels']
}): Film {
  const width = shown.dims + 1
  const scale = 200 / shown.width
  const joints = Array.from({ length: shown.frames }, (_, t) => Array.from({ length: shown.joints * 2 }, (_, index) => {
    const value = shown.keypoints![(t * shown.persons * shown.joints + (index >> 1)) * width + (index & 1)]!
    return Number.isNaN(value) ? null : Math.round(value * scale * 10) / 10
  }))
  return { id: whole.id, frames: shown.frames, side: 200, joints, phases, labels, start, end, files: whole.files }
}
