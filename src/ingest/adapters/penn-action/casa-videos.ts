import type { Quarantined } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Hash } from '../../../hash.ts'
import type { Side } from '../../../split.ts'
import { quarantinedBy, type RawFile, type RawFolder } from '../../raw-folder.ts'
import type { NdArray } from '../../readers/ndarray.ts'
import { readNpyArray } from '../../readers/npy.ts'
import type { PickleValue } from '../../readers/pickle-value.ts'

/** A file of CASA's `npyrecords/` as it lies on disk, its videos not looked at yet. */
export type CasaFile = {
  readonly path: string
  readonly bytes: number
  readonly sha256: Hash
  readonly videos: ReadonlyMap<string, PickleValue>
}

/** One video: labels per frame, and numbers per frame in an order of the data set's own. `beta` is there for models of bodies and hands. */
export type CasaVideo = { readonly labels: NdArray; readonly pose: NdArray; readonly beta: NdArray | null }

/** The largest published file has 61 videos of up to 4078 frames with 51 doubles each. */
const MAX_BYTES = 2 ** 28
/** What is kept of files that were read before, in each thread: more than half of Penn Action's 26. */
const KEPT = 2 ** 26

/** Files by path, size and time of change, the latest one last; numbers stay as they lie in the file until they are asked for. */
const kept = new Map<string, CasaFile>()

/**
 * Reads `{name}_{train|val}.npy` of CASA: an array of no dimensions that holds one object, a dict of videos (src/datasets/pennaction.py). A file stays at hand
 * for the next video of it. Answers the entry of the quarantine for one that cannot be read.
 */
export function readCasaFile(raw: RawFolder, path: string): CasaFile | Quarantined {
  let file: RawFile | null = null
  try {
    const stat = raw.stat(path)
    const key = JSON.stringify([raw.full(path), stat?.bytes, stat?.modified])
    const known = kept.get(key)
    file = known === undefined ? raw.read(path, { maxBytes: MAX_BYTES }) : null
    const casa = known ?? { path, bytes: file!.bytes.length, sha256: file!.sha256, videos: videosIn(readNpyArray(file!.bytes, { maxBytes: 2 * MAX_BYTES })) }
    keep(key, casa)
    return casa
  } catch (error) {
    return quarantinedBy(error, path, file)
  }
}

/** What the name of a file says: `squats_val.npy` is about squats, and CASA tests on `val`; null = it is none of CASA's. */
export function casaName(path: string): { readonly name: string; readonly side: Side } | null {
  const match = /(?:^|\/)([^/]+)_(train|val)\.npy$/.exec(path)
  return match === null ? null : { name: match[1]!, side: match[2] === 'train' ? 'train' : 'test' }
}

/** The three arrays of a video. Throws E_CASA_VIDEO. */
export function casaVideo({ videos }: CasaFile, name: string): CasaVideo {
  const video = videos.get(name)
  if (!(video instanceof Map)) throw new ToolkitError('E_CASA_VIDEO', `the video "${name}" is no dict of arrays`)
  const numbers = (key: string): NdArray | null => {
    const array = (video as ReadonlyMap<string, PickleValue>).get(key)
    if (array === undefined || array === null) return null
    if (typeof array === 'object' && 'kind' in array && array.kind === 'ndarray') return array
    throw new ToolkitError('E_CASA_VIDEO', `"${key}" of the video "${name}" is no array of numbers`)
  }
  const [labels, pose] = [numbers('labels'), numbers('pose')]
  if (labels === null || pose === null) {
    const found = [...video.keys()].join(', ') || '(none)'
    throw new ToolkitError('E_CASA_VIDEO', `the video "${name}" has no ${labels === null ? 'labels' : 'pose'}; there are: ${found}`)
  }
  return { labels, pose, beta: numbers('beta') }
}

function videosIn(array: ReturnType<typeof readNpyArray>): ReadonlyMap<string, PickleValue> {
  const [videos] = array.kind === 'ndobjects' && array.shape.length === 0 ? array.values : []
  if (!(videos instanceof Map) || ![...videos.keys()].every((name) => typeof name === 'string')) {
    throw new ToolkitError('E_CASA_FILE', `an array of dtype ${array.dtype} and shape (${array.shape.join(', ')}); one dict of videos is read`)
  }
  return videos as ReadonlyMap<string, PickleValue>
}

function keep(key: string, file: CasaFile): void {
  kept.delete(key)
  kept.set(key, file)
  let bytes = [...kept.values()].reduce((sum, casa) => sum + casa.bytes, 0)
  for (const [oldest, casa] of kept) {
    if (bytes <= KEPT || oldest === key) break
    kept.delete(oldest)
    bytes -= casa.bytes
  }
}
