import type { Quarantined } from '../../clip.ts'
import type { Image } from '../../film.ts'
import type { AdapterContext } from '../adapter.ts'
import { orQuarantined } from '../raw-folder.ts'
import { readJpegSize } from '../readers/jpeg-size.ts'
import { readPngSize } from '../readers/png-size.ts'

export type ImageFolder = {
  /** The folder of the image files, relative to the raw folder. */
  readonly folder: string
  /** The number in the name of the first frame's file. */
  readonly first: 0 | 1
  /** px that the labels are about; null = they do not say. */
  readonly width: number | null
  readonly height: number | null
}

export type FilmImages = {
  /** Files from the first number on without a gap. */
  readonly count: number
  /** Files beyond the first gap: they belong to no frame. */
  readonly astray: number
  /** The pictures of frames 0 .. count - 1 but for those that cannot be read. */
  readonly images: readonly Image[]
  /** `frame-size-mismatch` when a picture is not as large as the labels say. */
  readonly flags: readonly string[]
  readonly quarantined: readonly Quarantined[]
}

/** How many image files stand in a row from the first number on, and how many more there are. */
export function countImages({ raw }: Pick<AdapterContext, 'raw'>, { folder, first }: Pick<ImageFolder, 'folder' | 'first'>): { names: string[]; astray: number } {
  const numbered = new Map(raw.list(folder).flatMap(({ name }) => {
    const number = /^(\d{6})\.(?:jpe?g|png)$/i.exec(name)?.[1]
    return number === undefined ? [] : [[Number(number), name]]
  }))
  const names = []
  for (let number = first; numbered.has(number); number++) names.push(numbered.get(number)!)
  return { names, astray: numbered.size - names.length }
}

/** Reads the pictures of a film of at most `frames` frames: hash and size of each from its header, undecoded; the bytes too where frames are embedded. */
export function readImages(context: Pick<AdapterContext, 'raw' | 'frames'>, place: ImageFolder, frames: number): FilmImages {
  const { names, astray } = countImages(context, place)
  const images: Image[] = []
  const quarantined: Quarantined[] = []
  for (const [frame, name] of names.slice(0, frames).entries()) {
    const path = `${place.folder}/${name}`
    const image = readImage(context, path, frame)
    if ('readmit' in image) quarantined.push(image)
    else images.push(image)
  }
  const isOdd = images.some(({ width, height }) => (place.width !== null && width !== place.width) || (place.height !== null && height !== place.height))
  return { count: names.length, astray, images, flags: isOdd ? ['frame-size-mismatch'] : [], quarantined }
}

function readImage({ raw, frames }: Pick<AdapterContext, 'raw' | 'frames'>, path: string, frame: number): Image | Quarantined {
  const file = orQuarantined(path, null, () => raw.read(path))
  if ('readmit' in file) return file
  const { bytes, sha256 } = file
  return orQuarantined(path, file, () => {
    const { width, height } = /png$/i.test(path) ? readPngSize(bytes) : readJpegSize(bytes)
    return { frame, path, width, height, pts: null, hash: `sha256:${sha256}`, bytes: bytes.length, data: frames === 'embed' ? bytes : null }
  })
}
