import { type DatasetEntry, entryOf, readCatalog } from '../catalog.ts'
import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import { nearestName, ToolkitError, unknownName } from '../errors.ts'
import { baselines } from '../eval/baselines/index.ts'
import { bare } from '../eval/views.ts'
import { embedClips, type Embedded } from '../eval/measured.ts'
import { listDatasets, type Manifest, readClips, readVersion, versionHashes } from '../store/index.ts'
import type { RunRecord } from '../train/index.ts'
import { runEncoder } from './run-encoder.ts'
import { purgedClips } from './split-members.ts'

/** Who embeds clips of a store, and of which version. */
export type EncoderRequest = {
  readonly storeDir: string
  readonly runsDir: string
  readonly catalogFiles?: readonly string[]
  /** A run, `latest`, or a floor such as `baseline/coordinates-velocity`. */
  readonly encoder: string
  /** A clip of the data set, by whose name a floor finds it. */
  readonly clip: string
  readonly version?: string | undefined
  readonly device?: string | undefined
  readonly threads?: number | undefined
}

/** An encoder and the clips that it can embed. Close it when done. */
export type OpenEncoder = {
  /** The run, or the floor. */
  readonly name: string
  /** null = a floor. */
  readonly record: RunRecord | null
  readonly entry: DatasetEntry
  readonly manifest: Manifest
  /** Clips in the order asked. Throws E_CLIP_UNKNOWN, E_CLIP_PURGED, E_NO_KEYPOINTS, E_CLIP_SKELETON for another skeleton than the run's, or than the first clip's. */
  read(ids: readonly string[]): Promise<Clip[]>
  /** Whole clips, each beside its embedding [T, d]; the encoder is shown arrays only. */
  embed(clips: readonly Clip[]): Promise<Embedded[]>
  close(): Promise<void>
}

const FLOOR = 'baseline/'

/** Opens a run or a floor on the newest version of a data set, or the one named. Throws E_RUN_UNKNOWN, E_FLOOR_UNKNOWN, E_DATASET_UNKNOWN, and what reading a store and a run throw. */
export async function openEncoder(request: EncoderRequest): Promise<OpenEncoder> {
  const { storeDir, clip, catalogFiles = [], version } = request
  const isFloor = request.encoder.startsWith(FLOOR)
  const opened = isFloor ? { encoder: null, record: null } : await openRun(request)
  const dataset = opened.record?.dataset ?? await datasetOf(storeDir, clip)
  const [entry, manifest] = [entryOf(await readCatalog(catalogFiles), dataset), await readVersion(storeDir, dataset, version)]
  const expected = opened.record === null ? null : { name: opened.record.run, skeleton: entry.skeleton.name }
  return {
    name: opened.record?.run ?? floorOf(request.encoder).name, record: opened.record, entry, manifest,
    read: async (ids) => {
      checkHeld(ids, await versionHashes(storeDir, manifest), manifest)
      const found = new Map((await readClips(storeDir, dataset, ids, { version: manifest.commit })).map((clip) => [clip.id, clip]))
      const clips = ids.map((id) => found.get(id)!)
      checkAlike(clips, expected)
      return clips
    },
    embed: async (clips) => {
      const encoder: Encoder = opened.encoder ?? floorOf(request.encoder).make({ action: clips[0]?.labels.action ?? '', seed: 0 })
      return (await embedClips(encoder, clips.map((clip) => bare(clip).clip))).map(({ embedding }, index) => ({ clip: clips[index]!, embedding }))
    },
    close: async () => opened.encoder?.close(),
  }
}

async function openRun({ storeDir, version, runsDir, encoder: run, catalogFiles, device, threads }: EncoderRequest) {
  try {
    return await runEncoder({ storeDir, version, runsDir, run, ...(catalogFiles === undefined ? {} : { catalogFiles }), ...(device === undefined ? {} : { device }), ...(threads === undefined ? {} : { threads }) })
  } catch (error) {
    if (!(error instanceof ToolkitError) || error.code !== 'E_RUN_UNKNOWN') throw error
    throw new ToolkitError(error.code, error.message, { cause: error, hint: `${error.hint}; without a run, a floor: ${baselines.map(({ name }) => name).join(', ')}` })
  }
}

function floorOf(name: string): (typeof baselines)[number] {
  const found = baselines.find((baseline) => baseline.name === name)
  if (found === undefined) throw unknownName('E_FLOOR_UNKNOWN', 'floor named', name, baselines.map((baseline) => baseline.name))
  return found
}

/** The data set that a clip's name begins with. */
async function datasetOf(storeDir: string, clip: string): Promise<string> {
  const stored = await listDatasets(storeDir)
  const name = clip.slice(0, Math.max(0, clip.indexOf('/')))
  if (!stored.includes(name)) throw unknownName('E_CLIP_UNKNOWN', `data set in store "${storeDir}" with a clip`, clip, stored)
  return name
}

function checkHeld(ids: readonly string[], held: ReadonlyMap<string, string>, manifest: Manifest): void {
  const version = `version ${manifest.commit.slice(0, 12)} of ${manifest.dataset}`
  const lacking = ids.find((id) => !held.has(id))
  if (lacking === undefined) return
  if (purgedClips(manifest).has(lacking)) throw new ToolkitError('E_CLIP_PURGED', `clip "${lacking}" was purged from ${version}`, { hint: 'nothing brings it back: name another clip' })
  const near = nearestName(lacking, [...held.keys()])
  throw new ToolkitError('E_CLIP_UNKNOWN', `no clip "${lacking}" in ${version}`, { hint: `${near === null ? '' : `did you mean "${near}"? `}It has ${held.size}: posetta sql "select id from clips order by id"` })
}

function checkAlike(clips: readonly Clip[], expected: { readonly name: string; readonly skeleton: string } | null): void {
  const without = clips.find(({ keypoints }) => keypoints === null)
  if (without !== undefined) throw new ToolkitError('E_NO_KEYPOINTS', `clip "${without.id}" has labels only, no joints to align`, { hint: 'posetta sql "select id from clips where has_keypoints order by id"' })
  const [first] = clips
  const [skeleton, whose] = expected === null ? [first?.skeleton, `clip "${first?.id}"`] : [expected.skeleton, `run ${expected.name}`]
  const other = clips.find((clip) => clip.skeleton !== skeleton || clip.dims !== first!.dims)
  if (other === undefined) return
  throw new ToolkitError('E_CLIP_SKELETON', `clip "${other.id}" is of skeleton ${other.skeleton} in ${other.dims} dimensions, ${whose} of ${skeleton} in ${first!.dims}`, {
    hint: `posetta sql "select id from clips where skeleton = '${skeleton}' and dims = ${first!.dims} order by id"` })
}
