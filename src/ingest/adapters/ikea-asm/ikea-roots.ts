import { type RawFolder, slashed } from '../../raw-folder.ts'
import type { AnnotationPaths } from './ikea-annotations.ts'

/** Where the parts of a download lie in the raw folder: each unpacks to a root of its own, and people merge them or do not. */
export type IkeaRoots = {
  readonly annotations: AnnotationPaths
  /** `atomic_action_list.txt`, `action_object_relation_list.txt`; null = not there. */
  readonly actionList: string | null
  readonly relationList: string | null
  /** Folder of `<scene>/<dev>/camera_parameters.json`; null = not there. */
  readonly calibration: string | null
  /** Folders of `<Furniture>/<scan>/<dev>`: those of data first, then of poses. */
  readonly trees: readonly string[]
}

/** Finds them by name; `furniture` are the folders of a tree. */
export function findRoots(raw: RawFolder, furniture: readonly string[]): IkeaRoots {
  const bases = ['', ...raw.list('').flatMap(({ name, isFolder }) => (isFolder && name.startsWith('ANU_ikea_dataset') ? [name] : []))]
  const below = (...folders: readonly string[]): string[] => bases.flatMap((base) => folders.map((folder) => slashed(base, folder)))
  const first = (name: string, folders: readonly string[]): string | null =>
    folders.map((folder) => slashed(folder, name)).find((path) => raw.stat(path) !== null) ?? null
  const labels = below('', 'annotations', 'action_annotations', 'annotations/action_annotations')
  const lists = [...below('indexing_files'), ...labels]
  return {
    annotations: {
      database: first('ikea_annotation_db_full', labels), segments: first('gt_segments.json', labels), gtAction: first('gt_action.npy', labels),
      train: first('train_cross_env.txt', lists), test: first('test_cross_env.txt', lists),
    },
    actionList: first('atomic_action_list.txt', lists), relationList: first('action_object_relation_list.txt', lists),
    calibration: first('Calibration', bases),
    trees: below('', 'pose_annotations', 'annotations/pose_annotations')
      .filter((root) => furniture.some((name) => raw.stat(slashed(root, name))?.isFolder === true)),
  }
}
