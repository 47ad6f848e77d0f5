import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../catalog.ts'
import { nearestName, ToolkitError } from '../errors.ts'
import type { Measure } from '../eval/evaluate.ts'
import { readItems } from '../eval/item-table.ts'
import { type Item, meanOfItems } from '../eval/items.ts'
import { ALL_ACTIONS } from '../eval/over-actions.ts'
import { readMeasures } from '../eval/run-tables.ts'
import { fewNames } from '../few-names.ts'
import { type Hash, sha256 } from '../hash.ts'
import type { Split } from '../split.ts'
import { grouped } from '../store/grouped.ts'
import { type Manifest, readSplit, readVersion } from '../store/index.ts'
import { readRun, runFile, type RunRecord } from '../train/index.ts'
import { type ClipLineage, clipLineages } from './clip-lineage.ts'
import { clipPart, type ClipPart, type PairPart, pairParts } from './clip-part.ts'
import { clipRole, type ClipRole } from './clip-role.ts'
import { type EvaluationRecord, readEvaluations } from './eval-log.ts'
import { findMeasure, type MeasureName } from './find-measure.ts'
import { runVersion } from './run-version.ts'
import { purgedClips } from './split-members.ts'

/** What `posetta explain` asks for. */
export type ExplainRequest = MeasureName & {
  readonly storeDir: string
  readonly runsDir: string
  readonly run: string
  /** None: every clip that enters the measure; one; or the two of a pair. */
  readonly clips: readonly string[]
  /** The download, where it is at hand: raw files are then looked at, and clips read again. */
  readonly rawDir: string | null
  readonly catalogFiles?: readonly string[]
}

/** The chain from one value of a report to raw files. */
export type Explanation = {
  readonly measure: Measure
  /** How it was evaluated; null = before runs kept it. */
  readonly evaluation: EvaluationRecord | null
  /** How many clips or pairs it is made of. */
  readonly items: number
  readonly run: RunRecord & { readonly file: string; readonly checkpointFile: string; readonly checkpointNow: Hash | null }
  readonly split: Omit<Split, 'sides'> & { readonly root: Hash; readonly sides: Readonly<Record<string, number>> }
  readonly data: Pick<Manifest, 'dataset' | 'root' | 'commit' | 'parent' | 'complete' | 'writer' | 'entry'> & {
    readonly clips: number; readonly tags: readonly string[]; readonly licence: string; readonly rawDir: string | null
  }
  /** One clip in the measure, where one was asked for. */
  readonly part: ClipPart | null
  /** What the clips asked for were to the run. */
  readonly roles: readonly ClipRole[]
  readonly pair: readonly PairPart[]
  /** `value` = the measure of the clip's own items; null = it has none. */
  readonly clips: readonly (ClipLineage & { readonly value: number | null })[]
  /** Those that were purged from the version: their hash, and what they were worth, are all that is left. */
  readonly purged: readonly { readonly clip: string; readonly hash: Hash; readonly value: number | null }[]
}

/**
 * Follows a measure of a run to its clips and their raw files. Throws E_RUN_NOT_EVALUATED, E_MEASURE_UNKNOWN, E_MEASURE_AMBIGUOUS, E_ITEMS_MISSING for a run evaluated
 * before items were kept, E_CLIP_UNKNOWN with the nearest clip, and E_VERSION_GONE when the store holds the run's version no more.
 */
export async function explainJob(request: ExplainRequest): Promise<Explanation> {
  const { storeDir, runsDir, catalogFiles = [], rawDir } = request
  const record = await readRun(runsDir, request.run)
  const folder = join(runsDir, record.run)
  const evaluated = await readMeasures(folder)
  if (evaluated === null) throw new ToolkitError('E_RUN_NOT_EVALUATED', `run ${record.run} has no measures yet`, { hint: `posetta eval ${record.run}` })
  const measure = findMeasure(record.run, evaluated.measures.filter(({ encoder }) => encoder === record.model), request)
  if (measure.action === ALL_ACTIONS) {
    throw new ToolkitError('E_ITEMS_MISSING', `${measure.metric} over ${ALL_ACTIONS} is a mean of measures, not of clips`, { hint: 'explain one of its actions: --action NAME' })
  }
  const items = await readItems(folder, measure)
  if (items === null || (items.length === 0 && measure.value !== null)) {
    throw new ToolkitError('E_ITEMS_MISSING', `run ${record.run} keeps no clips of ${measure.metric}: it was evaluated before they were kept`, { hint: `posetta eval ${record.run} --protocol ${measure.protocol}` })
  }
  const manifest = await readVersion(storeDir, record.dataset, await runVersion(storeDir, record))
  const split = await readSplit(storeDir, record.dataset, record.split.name)
  const entry = entryOf(await readCatalog(catalogFiles), record.dataset)
  checkClips(request.clips, items, split)
  const contributing = [...new Set(items.flatMap(({ clip, other }) => (other === null ? [clip] : [clip, other])))].sort()
  const ids = request.clips.length === 0 ? contributing : [...new Set(request.clips)].sort()
  const [first, second] = request.clips
  const { sides, ...about } = split
  const own = grouped(items, ({ clip }) => clip)
  const purged = purgedClips(manifest)
  const valueOf = (clip: string): number | null => meanOfItems(own.get(clip) ?? [])
  const lineages = await clipLineages({ storeDir, manifest, ids, entry, rawDir, images: request.clips.length > 0 })
  const { dataset, root, commit, parent, complete, writer, counts, tags } = manifest
  return {
    measure, evaluation: evaluationOf(await readEvaluations(runsDir, record.run), measure), items: items.length,
    run: { ...record, file: runFile(runsDir, record.run, 'record'), ...await checkpointOf(runsDir, record) },
    split: { ...about, sides: Object.fromEntries(Object.entries(sides).map(([side, members]) => [side, members.length])) },
    data: {
      dataset, root, commit, parent, complete, writer, entry: manifest.entry, clips: counts.clips, licence: entry.licence, rawDir,
      tags: Object.entries(tags).filter(([, tagged]) => tagged === commit).map(([tag]) => tag).sort(),
    },
    part: first === undefined || second !== undefined ? null : clipPart(items, first, measure.better),
    roles: await Promise.all(request.clips.map((clip) => clipRole({ storeDir, runsDir, catalogFiles, record, split, clip, isMeasured: contributing.includes(clip) }))),
    pair: first === undefined || second === undefined ? [] : pairParts(items, first, second, measure.better),
    clips: lineages.map((lineage) => ({ ...lineage, value: valueOf(lineage.clip) })),
    purged: ids.flatMap((clip) => (purged.has(clip) ? [{ clip, hash: purged.get(clip)!, value: valueOf(clip) }] : [])),
  }
}

/** Throws E_CLIP_UNKNOWN for a clip of neither the measure nor the split. */
function checkClips(clips: readonly string[], items: readonly Item[], { name, dataset, sides }: Split): void {
  const known = new Set([...items.map(({ clip }) => clip), ...Object.values(sides).flat()])
  const unknown = clips.find((clip) => !known.has(clip))
  if (unknown === undefined) return
  const near = nearestName(unknown, [...known])
  throw new ToolkitError('E_CLIP_UNKNOWN', `no clip "${unknown}" in split "${name}" of ${dataset}`, {
    hint: `${near === null ? '' : `did you mean "${near}"? `}It has ${known.size}: ${fewNames([...known].sort())}` })
}

/** The evaluation that a measure is of: the last one that took it. */
function evaluationOf(evaluations: readonly EvaluationRecord[], { protocol, metric }: Measure): EvaluationRecord | null {
  return evaluations.findLast((one) => (one.corrupt === null ? one.protocol : `${one.protocol}+${one.corrupt}`) === protocol && one.took.includes(metric)) ?? null
}

async function checkpointOf(runsDir: string, { run }: RunRecord): Promise<{ checkpointFile: string; checkpointNow: Hash | null }> {
  const file = runFile(runsDir, run, 'checkpoint')
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : Promise.reject(error)))
  return { checkpointFile: file, checkpointNow: bytes === null ? null : sha256(bytes) }
}
