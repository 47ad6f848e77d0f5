import { ortExecutor } from '../../../src/engine/index.ts'
import { trained } from '../trained.ts'

export const answer = await trained(ortExecutor({ device: 'webgpu' }))
