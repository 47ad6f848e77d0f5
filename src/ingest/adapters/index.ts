import type { Adapter } from '../adapter.ts'
import { h2o } from './h2o/h2o.ts'
import { ikeaAsm } from './ikea-asm/ikea-asm.ts'
import { ntu } from './ntu/ntu.ts'
import { nwUcla } from './nw-ucla/nw-ucla.ts'
import { pennAction } from './penn-action/penn-action.ts'
import { poseJson } from './pose-json/pose-json.ts'
import { pyskl } from './pyskl/pyskl.ts'
import { table } from './table/table.ts'

/** Every raw layout that is understood, by the name that the catalog's `adapter` uses. */
export const adapters: Readonly<Record<string, Adapter>> = {
  h2o,
  'ikea-asm': ikeaAsm,
  ntu,
  'nw-ucla': nwUcla,
  'penn-action': pennAction,
  'pose-json': poseJson,
  pyskl,
  table,
}
