import { describe, expect, test } from 'vitest'
import {
  add, bucketOf, cutTo, div, type Executor, type Extents, flatParameters, input, matmul, mul, optimiserFeeds, ortExecutor, padTo, programCache, referenceExecutor, reshape, square, sub, sum,
  trainingGraph,
} from '../../src/engine/index.ts'
import type { Tensor } from '../../src/tensor.ts'

const optimiser = { kind: 'adamw' } as const

/** Least squares over the frames that the mask shows. */
function graphOf({ frames }: Extents) {
  const { flat, params } = flatParameters([{ name: 'w', shape: [2, 1], decay: true }])
  const [x, y, mask] = [input('x', [frames!, 2]), input('y', [frames!]), input('mask', [frames!])]
  const error = square(sub(reshape(matmul(x, params['w']!), [frames!]), y))
  const loss = div(sum(mul(error, mask), [0]), sum(mask, [0]))
  return trainingGraph({ loss, inputs: [x, y, mask], parameters: [{ name: 'w', shape: [2, 1], decay: true }], flat, params, optimiser, outputs: { error } })
}

const feedsOf = (frames: number, step: number): Record<string, Tensor> => ({
  x: { shape: [frames, 2], data: Float32Array.from({ length: 2 * frames }, (_, i) => Math.sin(i + step)) },
  y: { shape: [frames], data: Float32Array.from({ length: frames }, (_, i) => Math.cos(i * step)) },
  mask: { shape: [frames], data: new Float32Array(frames).fill(1) }, ...optimiserFeeds(0.1, step, optimiser),
})

/** An executor that notes what it compiles and what is closed, by the frames of the program. */
function watched(executor: Executor, seen: string[]): Executor {
  return {
    ...executor,
    compile: async (graph) => {
      const frames = graph.inputs[0]!.shape[0]
      seen.push(`compile ${frames}`)
      const program = await executor.compile(graph)
      return { ...program, close: async () => { seen.push(`close ${frames}`); await program.close() } }
    },
  }
}

const start = { params: { shape: [2], data: Float32Array.of(0.5, -0.5) } }

describe.each<[string, Executor]>([['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]])('a cache of programs on %s', (_, executor) => {
  test('trains one state over lengths, each padded to its bucket, as programs of just those lengths', async () => {
    const lengths = [3, 7, 4, 8, 2, 5]
    const cache = programCache(executor, graphOf, { buckets: { frames: [4, 8] } })
    await cache.writeState(start)
    let exact: Record<string, Tensor> = start
    for (const [i, frames] of lengths.entries()) {
      const { outputs, extents } = await cache.run({ frames }, feedsOf(frames, i + 1))
      const program = await executor.compile(graphOf({ frames }))
      await program.writeState(exact)
      const expected = await program.run(feedsOf(frames, i + 1))
      expect(extents).toEqual({ frames: frames <= 4 ? 4 : 8 })
      expect(outputs['loss']!.data).toBeAllclose(expected['loss']!.data, { rtol: 1e-5 })
      expect(cutTo(outputs['error']!, [frames]).data).toBeAllclose(expected['error']!.data, { rtol: 1e-4, atol: 1e-6 })
      exact = await program.readState()
      await program.close()
    }
    const state = await cache.readState()
    for (const name of ['params', 'm', 'v']) expect(state[name]!.data).toBeAllclose(exact[name]!.data, { rtol: 1e-4, atol: 1e-6 })
    await cache.close()
  })

  test('gives the same bits however few programs it keeps', async () => {
    const states: Record<string, Tensor>[] = []
    for (const keep of [1, 2, 3]) {
      const cache = programCache(executor, graphOf, { buckets: { frames: [2, 4, 8] }, keep })
      await cache.writeState(start)
      for (const [i, frames] of [2, 4, 8, 1, 3, 8, 2].entries()) await cache.run({ frames }, feedsOf(frames, i + 1))
      states.push(await cache.readState())
      await cache.close()
    }
    expect(states[1]).toEqual(states[0])
    expect(states[2]).toEqual(states[0])
  })

  test('compiles on demand, and lets go of the program not used for the longest', async () => {
    const seen: string[] = []
    const cache = programCache(watched(executor, seen), graphOf, { buckets: { frames: [2, 4, 8] }, keep: 2 })
    for (const [i, frames] of [2, 4, 1, 8, 2, 4].entries()) await cache.run({ frames }, feedsOf(frames, i + 1))
    await cache.close()
    expect(seen).toEqual(['compile 2', 'compile 4', 'close 4', 'compile 8', 'close 8', 'compile 4', 'close 2', 'close 4'])
  })

  test('keeps the state where a program cannot be made', async () => {
    const cache = programCache(executor, (extents) => {
      if (extents['frames'] === 8) throw new Error('no memory')
      return graphOf(extents)
    }, { buckets: { frames: [2, 8] }, keep: 1 })
    await cache.writeState(start)
    await cache.run({ frames: 2 }, feedsOf(2, 1))
    const before = await cache.readState()
    await expect(cache.run({ frames: 5 }, feedsOf(5, 2))).rejects.toThrow('no memory')
    expect(await cache.readState()).toEqual(before)
    await cache.run({ frames: 1 }, feedsOf(1, 2))
    await cache.close()
  })

  test('refuses graphs with other states', async () => {
    const cache = programCache(executor, ({ frames }) => {
      const [x, s, t] = [input('x', [frames!]), input('s', []), input('t', [])]
      const state = [{ input: s, next: add(s, sum(x, [0])) }, ...(frames === 4 ? [{ input: t, next: t }] : [])]
      return { inputs: [x], state, outputs: {} }
    }, { buckets: { frames: [2, 4] } })
    await cache.run({ frames: 2 }, { x: { shape: [2], data: new Float32Array(2) } })
    await expect(cache.run({ frames: 3 }, { x: { shape: [3], data: new Float32Array(3) } })).rejects.toThrow(/^the program of frames=4 has a state "t" that is not there$/)
    await cache.close()
  })
})

describe('buckets', () => {
  const buckets = { rows: [8, 16], frames: [64] }

  test('are the smallest that hold', () => {
    expect(bucketOf({ rows: 8, frames: 1 }, buckets)).toEqual({ rows: 8, frames: 64 })
    expect(bucketOf({ frames: 64, rows: 9 }, buckets)).toEqual({ rows: 16, frames: 64 })
  })

  test.each<[string, Extents]>([
    ['frames 65 is over the largest bucket, 64', { rows: 1, frames: 65 }],
    ['frames 0', { rows: 1, frames: 0 }],
    ['rows NaN', { rows: Number.NaN, frames: 1 }],
    ['no size for "frames"', { rows: 1 }],
    ['no buckets for "joints"', { rows: 1, frames: 1, joints: 3 }],
  ])('refuse %s', (message, sizes) => {
    expect(() => bucketOf(sizes, buckets)).toThrow(expect.objectContaining({ code: 'E_BUCKET', message }))
  })

  test.each<[string, Record<string, number[]>, number]>([
    ['buckets of frames: (none)', { frames: [] }, 1], ['buckets of frames: 8, 4', { frames: [8, 4] }, 1], ['buckets of frames: 0, 4', { frames: [0, 4] }, 1],
    ['0 programs to keep', { frames: [4] }, 0],
  ])('are refused: %s', (message, given, keep) => {
    expect(() => programCache(referenceExecutor(), graphOf, { buckets: given, keep })).toThrow(expect.objectContaining({ code: 'E_BUCKET', message }))
  })
})

describe('padding', () => {
  const ones = (shape: number[], data: number[]): Tensor => ({ shape, data: Float32Array.from(data) })

  test('adds zeros after the end of each axis, and is taken off again', () => {
    const given = ones([2, 1, 2], [1, 2, 3, 4])
    const padded = padTo(given, [3, 2, 3])
    expect(padded).toEqual(ones([3, 2, 3], [1, 2, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
    expect(cutTo(padded, [2, 1, 2])).toEqual(given)
  })
  test('leaves scalars and empty tensors as they are', () => {
    expect(padTo(ones([], [7]), [])).toEqual(ones([], [7]))
    expect(padTo(ones([0, 2], []), [1, 2])).toEqual(ones([1, 2], [0, 0]))
    expect(cutTo(ones([1, 2], [1, 2]), [1, 0])).toEqual(ones([1, 0], []))
  })
  test('refuses what is larger', () => {
    expect(() => padTo(ones([3], [1, 2, 3]), [2], 'input "x"')).toThrow(expect.objectContaining({ code: 'E_FEED', message: 'input "x" [3] does not fit into [2]' }))
    expect(() => padTo(ones([3], [1, 2, 3]), [3, 1])).toThrow('a tensor [3] does not fit into [3, 1]')
    expect(() => cutTo(ones([3], [1, 2, 3]), [4])).toThrow('a tensor [3] has no first [4]')
  })
})
