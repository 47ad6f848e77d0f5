import type { RunRecord } from '../train/index.ts'
import type { LoaderRequest } from './loader-request.ts'
import { modelOfConfig } from './model-of-config.ts'
import { trainPictures } from './model-pictures.ts'
import { type OpenLoader, openLoaderOf } from './open-loader.ts'
import { configOf } from './train-config.ts'
import type { Selection } from './train-selection.ts'
import { trainViews } from './train-views.ts'

/** What decides the batches of a training, beside its clips. */
export type TrainedAs = Pick<RunRecord, 'model' | 'seed' | 'action' | 'config' | 'frames' | 'plan' | 'onBad'>

/** What makes the batches of a training, and does not change them. */
export type LoaderMeans = Partial<Pick<LoaderRequest, 'workers' | 'memory' | 'cacheDir'>>

export type TrainLoaderRequest = Pick<LoaderRequest, 'storeDir' | 'runsDir' | 'state'> & LoaderMeans & {
  readonly record: TrainedAs
  readonly selection: Selection
  /** Left out: those of the config. */
  readonly views?: LoaderRequest['views']
}

/** The loader of a training: the train part of its selection, in the order of its plan. `signal` ends opening, not the batches. Throws what `openLoaderOf` throws. */
export async function openTraining(
  { record, selection, views, workers = 0, ...place }: TrainLoaderRequest, { signal, tell }: { signal?: AbortSignal | undefined; tell?: LoaderRequest['onBad']['tell'] } = {},
): Promise<OpenLoader> {
  const { entry, manifest, split, train, leftOut } = selection
  const { model, seed, action, frames, plan, onBad } = record
  const config = configOf(record)
  const { inputs } = modelOfConfig(model, config, { skeleton: entry.skeleton, frames })
  const { resize, ...pictures } = trainPictures(inputs, config)
  const opening = new AbortController()
  const stop = (): void => opening.abort(signal?.reason)
  signal?.throwIfAborted()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const parts = [{ entry, manifest, split, ids: train.map(({ id }) => id), leftOut }]
    return await openLoaderOf({ parts, split: split.hash, root: manifest.root }, {
      ...place, datasets: [manifest.dataset], split: split.name, side: 'train', version: manifest.commit, action, seed, plan, frames, workers, signal: opening.signal,
      views: views ?? trainViews(config, inputs.viewPlacing), tensors: { ...inputs.tensors, ...pictures, latestStart: config.latestStart }, resize, batch: config.batch, epochs: config.epochs, lastBatch: 'fill', world: { rank: 0, size: 1 },
      onBad: { ...onBad, ...(tell === undefined ? {} : { tell }) },
    })
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
