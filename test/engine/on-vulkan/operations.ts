import { ortExecutor } from '../../../src/engine/index.ts'
import { type Answer, answersOf } from '../every-operation.ts'

/** What webgpu answers to every operation. */
export const answer: readonly Answer[] = await answersOf(ortExecutor({ device: 'webgpu' }))
