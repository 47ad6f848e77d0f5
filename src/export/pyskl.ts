import { ABSENT, type Clip } from '../clip.ts'
import { layoutOf } from '../store/pack-clip.ts'
import type { ClipPlace, ExportFormat, FormatContext, FormatWriter, OutgoingClip } from './format.ts'
import type { OutputFile } from './output-folder.ts'
import { APPEND, BEGIN, EMPTY_DICT, EMPTY_LIST, type Pickled, pickled, SET_ITEM, STOP } from './pickle-writer.ts'

/**
 * Annotation files of PYSKL and MMAction2, `{'annotations': [...], 'split': {name: [frame_dir]}}`: one `.pkl` per layout, as a model has one number of joints,
 * and `label_map.txt`. A joint that is absent is 0 with score 0; skeletons of three dimensions have no scores, as in PYSKL's own files. A clip without an
 * action has the label -1. PYSKL, tools/data/README.md.
 */
export const pyskl: ExportFormat = {
  holdsPictures: false,
  holdsConfidence: ({ dims }) => dims === 2,
  lack: ({ keypoints }) => (keypoints === null ? { code: 'no-keypoints', message: 'a clip without joints is no annotation of PYSKL' } : null),
  open: async (context) => openPickles(context),
}

type Pickle = { readonly path: string; readonly file: OutputFile; readonly splits: Map<string, string[]>; clips: number }

async function openPickles({ folder, about }: FormatContext): Promise<FormatWriter> {
  const places = new Map<string, ClipPlace>()
  const pickles = new Map<string, Pickle>()
  const labels = await folder.create('label_map.txt')
  await labels.write([Buffer.from(about.labels.map((label) => `${label}\n`).join(''))])
  await labels.close()

  async function pickleOf(clip: Clip): Promise<Pickle> {
    const { name } = layoutOf(clip, [])
    const known = pickles.get(name)
    if (known !== undefined) return known
    const made = { path: `${name}.pkl`, file: await folder.create(`${name}.pkl`), splits: new Map<string, string[]>(), clips: 0 }
    await made.file.write([BEGIN, EMPTY_DICT, ...pickled('annotations'), EMPTY_LIST])
    pickles.set(name, made)
    return made
  }

  return {
    async add(outgoing) {
      const pickle = await pickleOf(outgoing.clip)
      await pickle.file.write([...pickled(annotationOf(outgoing)), APPEND])
      for (const split of splitsOf(outgoing)) {
        if (!pickle.splits.has(split)) pickle.splits.set(split, [])
        pickle.splits.get(split)!.push(outgoing.name)
      }
      places.set(outgoing.clip.id, { file: pickle.path, place: String(pickle.clips++) })
    },
    async finish() {
      for (const { file, splits } of pickles.values()) {
        const split: Pickled = { kind: 'dict', entries: [...splits].sort(([a], [b]) => (a < b ? -1 : 1)) }
        await file.write([SET_ITEM, ...pickled('split'), ...pickled(split), SET_ITEM, STOP])
        await file.close()
      }
      return places
    },
  }
}

const sideNames = { train: 'train', validation: 'val', test: 'test' } as const

/** The lists a clip is in: the side it is on, or, for an export of no split, its sides in all published ones, as `xsub_train`. */
function splitsOf({ side, clip: { labels } }: OutgoingClip): string[] {
  if (side !== null) return [sideNames[side]]
  const own = labels.officialSplit === null ? [] : [sideNames[labels.officialSplit]]
  return [...own, ...Object.entries(labels.sides).map(([split, side]) => `${split}_${sideNames[side]}`)]
}

function annotationOf({ clip, name, label }: OutgoingClip): Pickled {
  const size: Pickled = { kind: 'tuple', values: [clip.height, clip.width] }
  const isSized = clip.width > 0 && clip.height > 0
  const { keypoint, score } = arraysOf(clip)
  return {
    kind: 'dict',
    entries: [
      ['frame_dir', name], ['total_frames', clip.frames], ...(isSized ? [['img_shape', size], ['original_shape', size]] as const : []),
      ['label', label ?? -1], ['keypoint', keypoint], ...(clip.dims === 2 ? [['keypoint_score', score]] as const : []),
    ],
  }
}

/** [T, M, J, dims + 1] -> [M, T, V, C] and [M, T, V]. */
function arraysOf({ frames, persons: count, joints, dims, keypoints, states }: Clip): { keypoint: Pickled; score: Pickled } {
  const persons = Math.max(1, count)
  const [points, scores] = [new Float32Array(persons * frames * joints * dims), new Float32Array(persons * frames * joints)]
  for (let cell = 0; cell < scores.length; cell++) {
    if (states![cell] === ABSENT) continue
    const row = Math.floor(cell / joints)
    const to = ((row % persons) * frames + Math.floor(row / persons)) * joints + (cell % joints)
    for (let axis = 0; axis < dims; axis++) points[to * dims + axis] = keypoints![cell * (dims + 1) + axis]!
    scores[to] = keypoints![cell * (dims + 1) + dims]!
  }
  return {
    keypoint: { kind: 'numpy', shape: [persons, frames, joints, dims], values: points },
    score: { kind: 'numpy', shape: [persons, frames, joints], values: scores },
  }
}
