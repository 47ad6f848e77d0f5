import type { Adapter } from '../adapter.ts'
import { ntu } from './ntu/ntu.ts'
import { nwUcla } from './nw-ucla/nw-ucla.ts'
import { h2o } from './h2o/h2o.ts'
import { ikeaAsm } from './ikea-asm/ikea-asm.ts'
import { pennAction } from './penn-action/penn-action.ts'
import { poseJson } from './pose-json/pose-json.ts'
import { table } from './table/table.ts'
import { pyskl } from './pyskl/pyskl.ts'

/** Every raw layout that is understood, by the name that the catalog's `adapter` uses. */
export const adapters: Readonly<Record<string, Adapter>> = {
  ntu,
  'nw-ucla': nwUcla,
  h2o,
  'ikea-asm': ikeaAsm,
  'penn-action': pennAction,
  'pose-json': poseJson,
  table,
  pyskl,
}
