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
  /** Files beyond the first gap. */
  readonly astray: number
  /** The pictures of all frames that have one that can be read, those after a gap too. */
  readonly images: readonly Image[]
  /** `frame-size-mismatch` when a picture is not as large as the labels say. */
  readonly flags: readonly string[]
  readonly quarantined: readonly Quarantined[]
}

/** The image files of a folder by the frame that their number stands for; how many stand in a row from the first on, and how many more there are. */
function listImages({ raw }: Pick<AdapterContext, 'raw'>, { folder, first }: Pick<ImageFolder, 'folder' | 'first'>): { names: Map<number, string>; count: number; astray: number } {
  const names = new Map(raw.list(folder).flatMap(({ name }) => {
    const number = /^(\d{6})\.(?:jpe?g|png)$/i.exec(name)?.[1]
    return number === undefined ? [] : [[Number(number) - first, name]]
  }))
  let count = 0
  while (names.has(count)) count++
  return { names, count, astray: names.size - count }
}

/** Reads the pictures of a film of at most `frames` frames: hash and size of each from its header, undecoded; the bytes too where frames are embedded. */
export function readImages(context: Pick<AdapterContext, 'raw' | 'frames'>, place: ImageFolder, frames: number): FilmImages {
  const { names, count, astray } = listImages(context, place)
  const images: Image[] = []
  const quarantined: Quarantined[] = []
  for (const [frame, name] of [...names].filter(([frame]) => frame >= 0 && frame < frames).sort(([a], [b]) => a - b)) {
    const path = `${place.folder}/${name}`
    const image = readImage(context, path, frame)
    if ('readmit' in image) quarantined.push(image)
    else images.push(image)
  }
  const isOdd = images.some(({ width, height }) => (place.width !== null && width !== place.width) || (place.height !== null && height !== place.height))
  return { count, astray, images, flags: isOdd ? ['frame-size-mismatch'] : [], quarantined }
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
