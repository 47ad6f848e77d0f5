export { exportDataset, type Exported, exportExit, type ExportOptions } from './export.ts'
export { exportKindOf } from './formats.ts'
