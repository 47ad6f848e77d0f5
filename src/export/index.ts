export { exportDataset, type Exported, exportExit, type ExportOptions } from './export.ts'
