import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { planOf, sourceOfClips } from '../loader/index.ts'
import { viewRecipe } from '../loader/recipe/view-recipe.ts'
import { sampleOf } from '../loader/sample.ts'
import { readRun } from '../train/index.ts'
import { chainOf, presetOf, type Step } from '../transforms/index.ts'
import { modelOfConfig } from './model-of-config.ts'
import { previewHtml, previewSvg, type SeenSample } from './preview-page.ts'
import { recordedDraws, type StepDraws } from './recorded-draws.ts'
import { runVersion } from './run-version.ts'
import { configOf, trainConfig, type TrainConfig } from './train-config.ts'
import { type Selection, trainSelection } from './train-selection.ts'
import { trainViews, viewFrames } from './train-views.ts'

/** What `posetta preview` asks for: a training that was, or one that could be. */
export type PreviewRequest = {
  readonly storeDir: string
  readonly runsDir: string
  readonly catalogFiles?: readonly string[]
  /** A sample by its number since the start of training; null = that of `step`, or the first. */
  readonly sample: number | null
  /** All samples of a step, counted from 1 as in the log of a run. */
  readonly step: number | null
  /** Draws the heatmaps under the joints. */
  readonly heatmaps: boolean
  /** An `.svg`, or an `.html`. */
  readonly output: string
} & ({ readonly run: string } | {
  readonly dataset: string
  readonly split: string
  readonly version?: string | undefined
  readonly action: string | null
  /** null = the views of a training with the settings. */
  readonly preset: string | null
  readonly seed: number
  readonly settings: readonly string[]
})

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
  const { selection, config, seed, frames, model, views } = 'run' in request ? await ofRun(request) : await ofSettings(request)
  const { skeleton } = selection.entry
  const { channels, size, sigma } = modelOfConfig(model, config, { skeleton, frames }).heatmaps
  const samples = await seenSamples(selection.train, { views, seed, frames, skeleton, numbers: numbersOf(request, config.batch) })
  const svg = previewSvg(samples, { skeleton, seed, heatmaps: request.heatmaps ? { channels, size, sigma } : null })
  await write(request.output, isPage ? previewHtml(svg, `posetta preview: ${samples.map(({ place }) => place).join(', ')}`) : svg)
  return {
    output: request.output, seed,
    samples: samples.map(({ views, ...sample }) => ({
      ...sample, views: views.map(({ seen, drawn }) => ({ clip: seen.id, frames: seen.frames, time: Array.from(seen.time), drawn })) })),
  }
}

type Training = {
  readonly selection: Selection; readonly config: TrainConfig; readonly seed: number; readonly frames: number; readonly model: string; readonly views: readonly (readonly Step[])[]
}

async function ofRun({ storeDir, runsDir, catalogFiles, run }: Extract<PreviewRequest, { run: string }>): Promise<Training> {
  const record = await readRun(runsDir, run)
  const { dataset, split, action, seed, frames, model } = record
  const config = configOf(record)
  const version = await runVersion(storeDir, record)
  const selection = await trainSelection({ storeDir, dataset, split: split.name, version, action, validation: config.validation, catalogFiles })
  return { selection, config, seed, frames, model, views: trainViews(config) }
}

async function ofSettings({ storeDir, catalogFiles, dataset, split, version, action, preset, seed, settings }: Exclude<PreviewRequest, { run: string }>): Promise<Training> {
  const config = trainConfig(settings)
  const views = preset === null ? trainViews(config) : presetOf(preset).views
  const selection = await trainSelection({ storeDir, dataset, split, version, action, validation: config.validation, catalogFiles })
  return { selection, config, seed, frames: viewFrames(config, selection.train), model: 'la2ds', views }
}

function numbersOf({ sample, step }: PreviewRequest, batch: number): number[] {
  return step === null ? [sample ?? 0] : Array.from({ length: batch }, (_, i) => (step - 1) * batch + i)
}

/** The samples as the recipe of a training makes them, watched on the way. */
async function seenSamples(train: Selection['train'], { views, seed, frames, numbers, skeleton }: {
  views: Training['views']; seed: number; frames: number; numbers: readonly number[]; skeleton: Selection['entry']['skeleton']
}): Promise<SeenSample[]> {
  const source = sourceOfClips(train)
  const plan = planOf({ seed }, source.clips)
  let seen: SeenSample['views'][number][] = []
  const watched = views.map((steps) => {
    const transform = chainOf(steps, { skeleton, frames })
    return (...[whole, random]: Parameters<typeof transform>) => {
      const recorded = recordedDraws(random)
      const made = transform(whole, recorded.random)
      seen.push({ whole, seen: made, drawn: recorded.steps() })
      return made
    }
  })
  const recipe = viewRecipe({ seed, views: watched, columns: [] })
  const samples: SeenSample[] = []
  for (const sample of numbers) {
    const ref = plan.sampleAt(sample)
    seen = []
    await recipe.draw(source, ref, { at: 0, samples: 1 }, { tensors: {}, bytes: {} })
    samples.push({ sample, epoch: ref.epoch, place: sampleOf(source, ref).place, views: seen })
  }
  return samples
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.partial`, text)
  await rename(`${file}.partial`, file)
}
