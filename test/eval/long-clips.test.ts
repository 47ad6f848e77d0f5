import { describe, expect, test } from 'vitest'
import { joined, partsOf } from '../../src/eval/long-clips.ts'
import type { Tensor } from '../../src/tensor.ts'
import { exampleClip } from '../transforms/examples.ts'

const clip = exampleClip({ frames: 10 })
/** One number per frame, twice the frame. */
const embedded = (at: readonly number[], add = 0): Tensor => ({ shape: [at.length, 1], data: Float32Array.from(at, (frame) => 2 * frame + add) })

describe('a clip of 10 frames for views of at most 4', () => {
  test('own-length, rescaled: in one piece, as it is', () => {
    for (const longClips of ['own-length', 'rescaled'] as const) {
      const parts = partsOf(clip, { frames: 4, longClips })
      expect(parts.map((part) => part.clip)).toEqual([clip])
      expect(joined(10, parts.map((part) => ({ ...part, embedding: embedded(part.at) }))).data).toEqual(embedded(parts[0]!.at).data)
    }
  })

  test('thinned: frames 0, 3, 6 and 9, and a line between them', () => {
    const [part, ...others] = partsOf(clip, { frames: 4, longClips: 'thinned' })
    expect([part!.at, Array.from(part!.clip.time), others]).toEqual([[0, 3, 6, 9], [0, 3, 6, 9], []])
    const embedding = { shape: [4, 1], data: Float32Array.of(0, 3, 0, 6) }
    expect(joined(10, [{ ...part!, embedding }]).data).toBeAllclose([0, 1, 2, 3, 2, 1, 0, 2, 4, 6])
  })

  test('windows: of 4 frames, overlapping by half, the first at the start and the last at the end', () => {
    const parts = partsOf(clip, { frames: 4, longClips: 'windows' })
    expect(parts.map(({ at }) => at)).toEqual([[0, 1, 2, 3], [2, 3, 4, 5], [4, 5, 6, 7], [6, 7, 8, 9]])
    // the second window says 3 more: frames 2 to 5 weigh it 1, 2, 2 and 1 of 3
    const whole = joined(10, parts.map((part, index) => ({ ...part, embedding: embedded(part.at, index === 1 ? 3 : 0) })))
    expect(whole.data).toBeAllclose([0, 2, 5, 8, 10, 11, 12, 14, 16, 18])
  })

  test('a clip that is not longer is whole under every rule', () => {
    for (const longClips of ['own-length', 'rescaled', 'thinned', 'windows'] as const) {
      expect(partsOf(clip, { frames: 10, longClips }).map((part) => part.clip)).toEqual([clip])
    }
  })
})

describe('windows of 64 frames of the longest clip of IKEA ASM, 4,078 frames', () => {
  const frames = 4078
  const long = exampleClip({ frames })
  const parts = partsOf(long, { frames: 64, longClips: 'windows' })
  const signal = Float64Array.from({ length: frames }, (_, t) => Math.sin(t / 7) + Math.cos(t * t))
  /** An encoder that sees 8 frames each way, and is told nothing of where in the clip it is. */
  const seen = (at: readonly number[]): Tensor => ({ shape: [at.length, 1], data: Float32Array.from(at, (_, row) => {
    const around = at.slice(Math.max(0, row - 8), row + 9)
    return around.reduce((sum, frame) => sum + signal[frame]!, 0) / around.length
  }) })

  test('are 127, none longer than a view, each numbered from its own beginning', () => {
    expect([parts.length, parts.every(({ clip, at }) => clip.frames === 64 && at.length === 64)]).toEqual([127, true])
  })

  test('give what the whole clip gives, where an encoder sees no further than an eighth of a window', () => {
    const whole = seen(Array.from({ length: frames }, (_, frame) => frame))
    expect(joined(frames, parts.map((part) => ({ ...part, embedding: seen(part.at) }))).data).toBeAllclose(whole.data, { atol: 1e-6, rtol: 0 })
  })

  test('fade into one another: where every other one says 1 more, no step is wider than a sixteenth', () => {
    const { data } = joined(frames, parts.map((part, index) => ({ ...part, embedding: { shape: [64, 1], data: new Float32Array(64).fill(index % 2) } })))
    const steps = Array.from(data.subarray(1), (x, t) => Math.abs(x - data[t]!))
    expect([Math.min(...data), Math.max(...data)]).toEqual([0, 1])
    expect(Math.max(...steps)).toBeLessThanOrEqual(1 / 16)
  })
})
