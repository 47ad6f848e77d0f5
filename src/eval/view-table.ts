import type { Clip } from '../clip.ts'
import { NULL_FLOAT } from '../store/canonical.ts'
import { jointColumns } from '../store/schema.ts'
import { columns, writeTable } from './table-file.ts'

/**
 * Writes what an encoder is shown, by id: a row per frame and person, `clip_id, frame, person, width, height` (px of the image or box), and `<joint>_x, <joint>_y(, <joint>_z),
 * <joint>_confidence` for each joint; coordinates of an absent joint are null. Rows in the order given. Answers the path.
 */
export async function writeViews(file: string, views: ReadonlyMap<string, Clip>, joints: readonly string[]): Promise<string> {
  const clips = [...views.values()]
  const dims = clips[0]!.dims
  const rows = clips.reduce((sum, { frames, persons }) => sum + frames * persons, 0)
  const parts = jointColumns({ joints, dims }).filter(({ name }) => !name.endsWith('_state'))
  const [codes, frames, persons] = [0, 1, 2].map(() => new Uint32Array(rows)) as [Uint32Array, Uint32Array, Uint32Array]
  const [widths, heights, ...numbers] = Array.from({ length: 2 + parts.length }, () => new Float32Array(rows)) as [Float32Array, Float32Array, ...Float32Array[]]
  let row = 0
  for (const [index, clip] of clips.entries()) {
    for (let at = 0; at < clip.frames * clip.persons; at++, row++) {
      codes[row] = index
      frames[row] = Math.floor(at / clip.persons)
      persons[row] = at % clip.persons
      widths[row] = clip.width
      heights[row] = clip.height
      for (let k = 0; k < parts.length; k++) numbers[k]![row] = clip.keypoints![at * parts.length + k]!
    }
  }
  const floats = [widths, heights, ...numbers].map((column) => new Uint32Array(column.buffer))
  for (const words of floats) for (let at = 0; at < rows; at++) if ((words[at]! & 0x7fffffff) > 0x7f800000) words[at] = NULL_FLOAT
  return writeTable(file, {
    columns: [...columns('clip_id text, frame integer, person integer, width float, height float'), ...parts], rows, metadata: { posetta: 'views 1' },
    data: [
      { kind: 'coded', names: [...views.keys()], codes },
      ...[frames, persons].map((words) => ({ kind: 'words' as const, type: 'integer' as const, words, nullWord: 0xffffffff })),
      ...floats.map((words) => ({ kind: 'words' as const, type: 'float' as const, words, nullWord: NULL_FLOAT })),
    ],
  })
}
