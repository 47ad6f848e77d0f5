import { describe, expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors } from '../../src/engine/index.ts'
import { pythonWith, runPython } from '../python.ts'

const python = pythonWith('safetensors', 'numpy')

const file = { tensors: { w: { shape: [2, 2], data: Float32Array.of(1, -2, 0.5, 1e-30) }, b: { shape: [], data: Float32Array.of(7) } }, metadata: { step: '12' } }

describe('safetensors', () => {
  test('come back as they went', () => {
    expect(decodeSafetensors(encodeSafetensors(file), 'x')).toEqual(file)
  })

  test('come back from a Buffer too, whose slice is a view on shared memory', () => {
    expect(decodeSafetensors(Buffer.from(encodeSafetensors(file)), 'x')).toEqual(file)
  })

  test('are the bytes of the format: length, JSON, numbers', () => {
    const bytes = encodeSafetensors({ tensors: { a: { shape: [1], data: Float32Array.of(1) } }, metadata: {} })
    const json = '{"__metadata__":{},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + json.length))).toBe(json)
    expect(Array.from(bytes.subarray(0, 8))).toEqual([72, 0, 0, 0, 0, 0, 0, 0])
    expect(Array.from(bytes.subarray(-4))).toEqual([0, 0, 0x80, 0x3f])
  })

  test('cut off anywhere are refused, never read short', () => {
    const bytes = encodeSafetensors(file)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length), 'run/x.safetensors')).toThrow(expect.objectContaining({ code: 'E_SAFETENSORS' }))
    }
  })

  test.each([
    ['{"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}', 'x: tensor "a" is I32, only F32, F64, F16, BF16 are read'],
    ['{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,4]}}', 'x: tensor "a" [1] at bytes [0, 4) does not fit'],
    ['{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}', 'x: tensor "a" [1] at bytes [0, 4) does not fit'],
    ['{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 'x: tensor "a" [2] at bytes [0, 4) does not fit'],
    ['{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}', 'x: tensor "a" [1] at bytes [8, 12) does not fit'],
    ['{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 'x: the header\'s entry "a" lacks a shape or offsets'],
    ['{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 'x: tensor "b" [1] at bytes [0, 4) does not fit'],
    ['{}', 'x: 4 bytes after the last tensor'],
    ['{"__metadata__":{"step":12}}', 'x: the metadata is not text by name'],
    ['{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.5]}}', 'x: the header\'s entry "a" lacks a shape or offsets'],
    ['{"a":7}', 'x: the header\'s entry "a" lacks a shape or offsets'],
    ['[1]', 'x: the header is not a JSON object'],
    ['{"a":', 'x: the header is not a JSON object'],
  ])('with the header %s are refused', (json, message) => {
    const bytes = new Uint8Array(8 + json.length + 4)
    bytes[0] = json.length
    bytes.set(new TextEncoder().encode(json), 8)
    expect(() => decodeSafetensors(bytes, 'x')).toThrow(message)
  })
})

describe.skipIf(python === null)('the safetensors package of Python', () => {
  test('reads our files', () => {
    const script = 'import sys, safetensors.numpy as s\nt = s.load(sys.stdin.buffer.read())\nprint({n: (a.dtype.name, a.shape, a.tolist()) for n, a in sorted(t.items())})'
    expect(runPython(python!, script, encodeSafetensors({ ...file, tensors: { ...file.tensors, w: { shape: [2, 2], data: Float32Array.of(1, -2, 0.5, 8) } } })).trim())
      .toBe("{'b': ('float32', (), 7.0), 'w': ('float32', (2, 2), [[1.0, -2.0], [0.5, 8.0]])}")
  })

  test('writes float16, bfloat16 and float64 files that come as their float32, and integers beside them', () => {
    const script = [
      'import numpy as n, struct, json, sys',
      "half = n.array([0, -0.0, 1, -2, 65504, 6e-8, 6.1e-5, 0.333, n.inf, n.nan], 'float16')",
      "brain = n.array([0x3f80, 0xc000, 0x7f80, 0x0001], 'uint16')",
      "parts = [('h', 'F16', half), ('b', 'BF16', brain), ('i', 'I64', n.array([7], 'int64')), ('d', 'F64', n.array([[0.1, -1e-30]], 'float64'))]",
      'header, at = {}, 0',
      "for name, kind, a in parts:\n  header[name] = {'dtype': kind, 'shape': list(a.shape), 'data_offsets': [at, at + a.nbytes]}; at += a.nbytes",
      "text = json.dumps(header).encode()",
      "print((struct.pack('<Q', len(text)) + text + b''.join(a.tobytes() for _, _, a in parts)).hex())",
      "print(json.dumps([str(v) for v in half.astype('float32').astype('float64')]))",
    ].join('\n')
    const [hex, values] = runPython(python!, script).trim().split('\n') as [string, string]
    const { h, b, d, i } = decodeSafetensors(Uint8Array.from(Buffer.from(hex, 'hex')), 'x', { floats: 'only' }).tensors
    expect(Array.from(h!.data)).toEqual((JSON.parse(values) as string[]).map((text) => Number(text.replace('inf', 'Infinity'))))
    expect([Array.from(b!.data), Array.from(d!.data), d!.shape, i]).toEqual([[1, -2, Infinity, 2 ** -133], [Math.fround(0.1), Math.fround(-1e-30)], [1, 2], undefined])
  })

  test('writes files we read', () => {
    const script = "import numpy, safetensors.numpy as s\nt = {'z': numpy.array([[1, 2, 3]], 'float32'), 'a': numpy.array([4.5], 'float32')}\nprint(s.save(t, {'by': 'python'}).hex())"
    const bytes = Uint8Array.from(Buffer.from(runPython(python!, script).trim(), 'hex'))
    expect(decodeSafetensors(bytes, 'x')).toEqual({ tensors: { a: { shape: [1], data: Float32Array.of(4.5) }, z: { shape: [1, 3], data: Float32Array.of(1, 2, 3) } }, metadata: { by: 'python' } })
  })
})
