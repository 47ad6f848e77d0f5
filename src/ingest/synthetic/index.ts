export type { Twin, TwinOptions } from './twins.ts'
export { writeTwin } from './write-twin.ts'
