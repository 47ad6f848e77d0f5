import { filmPictures, type FilmPictures, shardQuality, type StoredPlace } from '../loader/index.ts'
import type { ModelInputs } from '../models/index.ts'
import type { LoaderRequest } from './loader-request.ts'
import type { TrainConfig } from './train-config.ts'

/** What a training's batches hold of recorded frames, if its model sees any: their colours changed, the frames made small once. */
export function trainPictures({ tensors: { pictures } }: ModelInputs, { rgb: { short, brightness, contrast, saturation } }: TrainConfig): Pick<LoaderRequest['tensors'], 'pictures'> & Pick<LoaderRequest, 'resize'> {
  if (pictures === undefined) return {}
  return { pictures: { ...pictures, colouring: { brightness, contrast, saturation } }, ...(short === 0 ? {} : { resize: short }) }
}

/** Where whoever embeds clips of a store finds their recorded frames, as small as in training; undefined for a model that sees none. */
export function filmsOf({ tensors: { pictures } }: ModelInputs, { rgb: { short } }: TrainConfig, place: StoredPlace): FilmPictures | undefined {
  return pictures && filmPictures(place, short === 0 ? null : { short, quality: shardQuality })
}
