import { entryOf, readCatalog } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import { evaluate, type Measure } from '../eval/evaluate.ts'
import { probeEncoder } from '../eval/probes/probe-encoder.ts'
import { protocolOf } from '../eval/protocol.ts'
import { collectingEncoder } from '../eval/recorded.ts'
import { writeViews } from '../eval/view-table.ts'
import { readManifest, readSplit } from '../store/index.ts'
import { evalJob, type EvalResult } from './eval.ts'
import type { EvalRequest } from './eval-request.ts'
import { readSides } from './eval-sides.ts'
import { type Given, givenRun } from './given-run.ts'

/** What `posetta eval --embeddings` asks for. */
export type EvalGivenRequest = Omit<EvalRequest, 'run'> & Given

/** Measures the embeddings of a file as those of a run, which it makes: see `givenRun` and `evalJob`. */
export async function evalGivenJob(request: EvalGivenRequest, { now, ...effects }: { now: () => number; onMeasure?: (measure: Measure) => void }): Promise<EvalResult> {
  const { run } = await givenRun(request, { now })
  return evalJob({ ...request, run }, effects)
}

/** What `posetta eval --write-views` asks for. */
export type ViewsRequest = Pick<EvalRequest, 'storeDir' | 'protocol' | 'metrics' | 'catalogFiles'> & Omit<Given, 'runsDir'>

/** `clips` whole, `views` cut from them, and the frames of all. */
export type ViewsResult = { readonly output: string; readonly clips: number; readonly views: number; readonly frames: number }

/** Writes everything that the metrics of a protocol, and the probes, show an encoder, for a model of one's own to embed: whole clips by their ids, views by theirs. See `writeViews`. */
export async function writeViewsJob({ storeDir, dataset, split: name, action, protocol: protocolName = 'primary', metrics, catalogFiles = [], file }: ViewsRequest): Promise<ViewsResult> {
  if (!file.endsWith('.parquet')) throw new ToolkitError('E_USAGE', `--write-views "${file}" is not .parquet`)
  const protocol = { ...protocolOf(protocolName), draws: 1 }
  const [{ root }, { hash }] = [await readManifest(storeDir, dataset), await readSplit(storeDir, dataset, name)]
  const { train, test } = await readSides({ storeDir, catalogFiles }, { run: 'of the views', dataset, split: { name, hash }, root, action })
  const encoder = collectingEncoder({ train, test })
  for (const one of new Set(test.map(({ labels }) => labels.action ?? 'none'))) {
    const ofAction = <C extends (typeof test)[number]>(clips: readonly C[]) => clips.filter(({ labels }) => (labels.action ?? 'none') === one)
    await evaluate({ encoder, baselines: [], train: ofAction(train), test: ofAction(test), action: one, protocol, metrics })
  }
  await probeEncoder(encoder, test, protocol)
  const { shown } = encoder
  const { skeletons } = entryOf(await readCatalog(catalogFiles), dataset)
  const used = [...new Set([...shown.values()].map(({ skeleton }) => skeleton))]
  const skeleton = skeletons.find((one) => one.name === used[0])
  if (used.length !== 1 || skeleton === undefined) throw new ToolkitError('E_VIEWS', `the test side has clips of ${used.length} skeletons: ${used.join(', ')}`, { hint: 'make a split of one' })
  await writeViews(file, shown, skeleton.joints)
  const views = [...shown.keys()].filter((id) => id.startsWith('view/')).length
  return { output: file, clips: shown.size - views, views, frames: [...shown.values()].reduce((sum, { frames }) => sum + frames, 0) }
}
