import { type RawFolder, slashed } from '../../raw-folder.ts'

/** A folder of pose files of one source. */
export type PoseFolder = {
  /** `manual`, `pose3d`, `keypoint-rcnn-ft-all`, `openpose`, ... */
  readonly source: string
  readonly folder: string
}

/** A scan seen by one camera, by names. */
export type IkeaFilm = {
  /** `Lack_TV_Bench/0001_black_table_02_01_2019_08_16_14_00` */
  readonly scan: string
  readonly camera: string
  /** The folder of it that was found first. */
  readonly folder: string
  readonly poses: readonly PoseFolder[]
  /** Folder of `000000.jpg`, ...; null = none. */
  readonly images: string | null
  readonly video: string | null
}

export type FoundFilms = {
  /** In order of scan and camera; those with neither poses nor pictures are left out. */
  readonly films: readonly IkeaFilm[]
  /** What lies beside them and is not read, by kind and with the number of films that have it. */
  readonly ignored: readonly string[]
}

const MANUAL = 'pose2d'
const LIFTED = 'pose3d'
const PREDICTIONS = 'predictions/pose2d'
const VIDEO = 'scan_video.avi'

/** Looks for `<Furniture>/<scan>/<dev>` in the trees; of what two trees have, the first is taken. */
export function findFilms(raw: RawFolder, trees: readonly string[], furniture: readonly string[]): FoundFilms {
  const films = new Map<string, IkeaFilm>()
  const others = new Map<string, number>()
  for (const { folder, scan, camera } of trees.flatMap((root) => foldersOf(raw, root, furniture))) {
    const found = lookInto(raw, folder)
    const before = films.get(`${scan}/${camera}`)
    const known = new Set(before?.poses.map(({ source }) => source))
    const poses = [...before?.poses ?? [], ...found.poses.filter(({ source }) => !known.has(source))].sort((a, b) => (a.source < b.source ? -1 : 1))
    const twice = found.poses.filter(({ source }) => known.has(source)).map(({ source }) => `${source} a second time`)
    for (const name of [...found.others, ...twice]) others.set(name, (others.get(name) ?? 0) + 1)
    films.set(`${scan}/${camera}`, {
      scan, camera, folder: before?.folder ?? folder, poses, images: before?.images ?? found.images, video: before?.video ?? found.video,
    })
  }
  const kept = [...films.values()].filter(({ poses, images, video }) => poses.length > 0 || images !== null || video !== null)
  return {
    films: kept.sort((a, b) => (`${a.scan}/${a.camera}` < `${b.scan}/${b.camera}` ? -1 : 1)),
    ignored: [...others].map(([name, count]) => `${name} of ${count} ${count === 1 ? 'film' : 'films'}`),
  }
}

function foldersOf(raw: RawFolder, root: string, furniture: readonly string[]): { folder: string; scan: string; camera: string }[] {
  return furniture.flatMap((kind) => foldersIn(raw, slashed(root, kind)).flatMap((name) => foldersIn(raw, slashed(root, kind, name))
    .filter((camera) => /^dev\d$/.test(camera)).map((camera) => ({ folder: slashed(root, kind, name, camera), scan: `${kind}/${name}`, camera }))))
}

function lookInto(raw: RawFolder, folder: string): Pick<IkeaFilm, 'poses' | 'images' | 'video'> & { others: readonly string[] } {
  const names = raw.list(folder).map(({ name }) => name)
  const predicted = foldersIn(raw, slashed(folder, PREDICTIONS))
  const images = names.includes('images') ? raw.list(slashed(folder, 'images')).map(({ name }) => name) : []
  const poses = [
    ...(names.includes(MANUAL) ? [{ source: 'manual', folder: slashed(folder, MANUAL) }] : []),
    ...(names.includes(LIFTED) ? [{ source: LIFTED, folder: slashed(folder, LIFTED) }] : []),
    ...predicted.map((method) => ({ source: method.replaceAll('_', '-'), folder: slashed(folder, PREDICTIONS, method) })),
  ]
  const beside = raw.list(slashed(folder, 'predictions')).flatMap(({ name }) => (name === 'pose2d' ? [] : [`predictions/${name}`]))
  return {
    poses, images: images.some((name) => /^\d{6}\.(?:jpe?g|png)$/i.test(name)) ? slashed(folder, 'images') : null,
    video: images.includes(VIDEO) ? slashed(folder, 'images', VIDEO) : null,
    others: [...names.filter((name) => ![MANUAL, LIFTED, 'predictions', 'images'].includes(name)), ...beside],
  }
}

function foldersIn(raw: RawFolder, folder: string): string[] {
  return raw.list(folder).flatMap(({ name, isFolder }) => (isFolder ? [name] : []))
}
