import { describe } from 'vitest'
import { ortWebExecutor, tfjsExecutor } from '../../src/engine/index.ts'
import { isInstalled } from '../installed.ts'
import { checkExecutor } from './check-executor.ts'

describe('tfjs on WebAssembly', () => { checkExecutor(tfjsExecutor({ backend: 'wasm' })) })

// CI installs these two
describe.skipIf(!isInstalled('@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'))('tfjs on TensorFlow (npm run tfjs:native)', () => { checkExecutor(tfjsExecutor({ backend: 'node' })) })
describe.skipIf(!isInstalled('onnxruntime-web'))('ONNX Runtime for the web', () => { checkExecutor(ortWebExecutor({ threads: 2 })) })
