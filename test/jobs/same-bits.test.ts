import { describe, expect, test } from 'vitest'
import { tolerancesOf, tolerancesOn } from '../../src/jobs/same-bits.ts'

const here = { machine: { cpu: 'a', arch: 'x64', platform: 'linux' }, versions: { 'onnxruntime-node': '1.30.0' } }
const exact = { reasons: [], loss: 0, parameters: 0, measure: 0 }

describe('bits', () => {
  test('are promised where processor and engine are the same', () => {
    expect(tolerancesOf({ ...here, device: 'cpu' }, here)).toEqual(exact)
  })

  test('are not promised by other devices, be it those of an evaluation alone', () => {
    expect(tolerancesOf({ ...here, device: 'webgpu' }, here).reasons).toEqual(['webgpu promises no bits'])
    expect(tolerancesOn(['cpu'], exact)).toEqual(exact)
    const loose = tolerancesOn(['cpu', 'wasm', 'wasm'], exact)
    expect(loose.reasons).toEqual(['wasm promises no bits'])
    expect(loose.measure).toBeGreaterThan(0)
  })
})
