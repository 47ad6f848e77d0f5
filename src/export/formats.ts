import { unknownName } from '../errors.ts'
import { type ExportKind, exportKinds } from '../store/export-files.ts'
import { coco } from './coco.ts'
import type { ExportFormat } from './format.ts'
import { huggingFace } from './hugging-face.ts'
import { pyskl } from './pyskl.ts'
import { webdataset } from './webdataset.ts'

/** Every format, by the name the command line gives it. */
export const formats: Readonly<Record<ExportKind, ExportFormat>> = { pyskl, coco, webdataset, hf: huggingFace }

/** The format of that name. Throws E_FORMAT_UNKNOWN with the nearest one. */
export function exportKindOf(name: string): ExportKind {
  const kind = exportKinds.find((kind) => kind === name)
  if (kind === undefined) throw unknownName('E_FORMAT_UNKNOWN', 'format', name, exportKinds)
  return kind
}
