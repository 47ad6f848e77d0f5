export { type Twin, type TwinOptions, writeTwin } from './write-twin.ts'
