import type { ExportKind } from '../store/export-manifest.ts'
import { coco } from './coco.ts'
import type { ExportFormat } from './format.ts'
import { huggingFace } from './hugging-face.ts'
import { pyskl } from './pyskl.ts'
import { webdataset } from './webdataset.ts'

/** Every format, by the name the command line gives it. */
export const formats: Readonly<Record<ExportKind, ExportFormat>> = { pyskl, coco, webdataset, hf: huggingFace }
