import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { readRun } from '../train/index.ts'
import { type HeatmapSpec, presetOf } from '../transforms/index.ts'
import type { LoaderRequest } from './loader-request.ts'
import { clipDims, modelOfConfig } from './model-of-config.ts'
import { type OpenLoader, openLoader } from './open-loader.ts'
import { previewHtml, previewSvg } from './preview-page.ts'
import type { StepDraws } from './recorded-draws.ts'
import { runVersion } from './run-version.ts'
import { seenSamples } from './seen-samples.ts'
import { configOf, trainConfig, type TrainConfig, trainDefaults } from './train-config.ts'
import { openTraining, type TrainedAs } from './train-loader.ts'
import { trainSelection } from './train-selection.ts'
import { viewFrames } from './train-views.ts'

/** What `posetta preview` asks for: a training that was, one that could be, or what a loader hands out. */
export type PreviewRequest = Shown & (Place & { readonly run: string } | Place & Settings | { readonly loader: LoaderRequest })

type Shown = {
  /** A sample by its number since the start; null = those of `step`, or the first one. */
  readonly sample: number | null
  /** All samples of a step, counted from 1 as in the log of a run. */
  readonly step: number | null
  /** Draws the heatmaps under the joints. */
  readonly heatmaps: boolean
  /** An `.svg`, or an `.html`. */
  readonly output: string
}

type Place = Pick<LoaderRequest, 'storeDir' | 'runsDir' | 'catalogFiles' | 'cacheDir'>

type Settings = Pick<LoaderRequest, 'split' | 'version' | 'action' | 'seed'> & {
  readonly dataset: string
  /** null = the views of a training with the settings. */
  readonly preset: string | null
  readonly settings: readonly string[]
  readonly plan?: TrainedAs['plan']
}

/** What the picture shows, as data. */
export type PreviewResult = {
  readonly output: string
  readonly seed: number
  readonly samples: readonly {
    readonly sample: number; readonly epoch: number; readonly place: string
    readonly views: readonly { readonly clip: string; readonly frames: number; readonly time: readonly number[]; readonly drawn: readonly StepDraws[] }[]
  }[]
}

/** Writes samples as training sees them as a picture: the loader's order, views and chance, to the last bit. Throws E_USAGE for another kind of file. */
export async function previewJob(request: PreviewRequest): Promise<PreviewResult> {
  const isPage = request.output.endsWith('.html')
  if (!isPage && !request.output.endsWith('.svg')) throw new ToolkitError('E_USAGE', `--output "${request.output}" is neither .svg nor .html`)
  const { open, heatmaps } = await seenOf(request)
  try {
    const { seed, skeleton } = open.about.recipe
    const samples = await seenSamples(open, numbersOf(request, open).map((sample) => ({ sample, ref: open.plan.sampleAt(sample) })))
    const svg = previewSvg(samples, { skeleton, seed, heatmaps: request.heatmaps ? heatmaps : null })
    await write(request.output, isPage ? previewHtml(svg, `posetta preview: ${samples.map(({ place }) => place).join(', ')}`) : svg)
    return {
      output: request.output, seed,
      samples: samples.map(({ views, ...sample }) => ({
        ...sample, views: views.map(({ seen, drawn }) => ({ clip: seen.id, frames: seen.frames, time: Array.from(seen.time), drawn })) })),
    }
  } finally {
    await open.close()
  }
}

/** A loader, and the heatmaps that a model would see of its views. */
type Seen = { readonly open: OpenLoader; readonly heatmaps: Omit<HeatmapSpec, 'skeleton' | 'patch'> }

async function seenOf(request: PreviewRequest): Promise<Seen> {
  if ('loader' in request) return ofLoader(request.loader)
  return 'run' in request ? ofRun(request) : ofSettings(request)
}

/** Maps are those of the batches, or of a training with no settings. */
async function ofLoader(request: LoaderRequest): Promise<Seen> {
  const open = await openLoader(request)
  const { skeleton, frames, heatmaps } = open.about.recipe
  return { open, heatmaps: heatmaps ?? mapsOf('la2ds', trainConfig([]), { skeleton, frames }) }
}

async function ofRun({ run, ...place }: Place & { run: string }): Promise<Seen> {
  const record = await readRun(place.runsDir, run)
  const { dataset, split, action, frames, model } = record
  const config = configOf(record)
  const selection = await trainSelection({ ...place, dataset, split: split.name, version: await runVersion(place.storeDir, record), action, validation: config.validation, dims: clipDims(model, config) })
  return { open: await openTraining({ ...place, record, selection }), heatmaps: mapsOf(model, config, { skeleton: selection.entry.skeleton, frames }) }
}

async function ofSettings({ dataset, split, version, action, preset, seed, settings, plan = {}, ...place }: Place & Settings): Promise<Seen> {
  const [model, config] = ['la2ds', trainConfig(settings)]
  const selection = await trainSelection({ ...place, dataset, split, version, action, validation: config.validation, dims: clipDims(model, config) })
  const record: TrainedAs = { model, seed, action, config: { ...config }, frames: viewFrames(config, selection.train), plan, onBad: { policy: 'fail', most: 0 } }
  const views = preset === null ? {} : { views: presetOf(preset).views }
  return { open: await openTraining({ ...place, record, selection, ...views }), heatmaps: mapsOf(model, config, { skeleton: selection.entry.skeleton, frames: record.frames }) }
}

/** Those that the model sees; of one that sees none, those of la2ds. */
function mapsOf(model: string, config: TrainConfig, context: Parameters<typeof modelOfConfig>[2]): Seen['heatmaps'] {
  const { patch: _, ...maps } = modelOfConfig(model, config, context).inputs.maps ?? modelOfConfig('la2ds', trainDefaults, context).inputs.maps!
  return maps
}

function numbersOf({ sample, step }: Shown, { loader, about: { batch } }: OpenLoader): number[] {
  return step === null ? [sample ?? loader.state().next] : Array.from({ length: batch }, (_, i) => (step - 1) * batch + i)
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.partial`, text)
  await rename(`${file}.partial`, file)
}
