/** How numbers lie in a safetensors file, by its name for them: bytes of one, and how they become float32. */
export const numberTypes: Readonly<Record<string, { readonly bytes: number; readonly read: (bytes: Uint8Array) => Float32Array }>> = {
  F32: { bytes: 4, read: (bytes) => new Float32Array(Uint8Array.from(bytes).buffer) },
  F64: { bytes: 8, read: (bytes) => Float32Array.from(new Float64Array(Uint8Array.from(bytes).buffer)) },
  F16: { bytes: 2, read: (bytes) => Float32Array.from(new Uint16Array(Uint8Array.from(bytes).buffer), fromFloat16) },
  // the upper half of a float32
  BF16: { bytes: 2, read: (bytes) => new Float32Array(Uint32Array.from(new Uint16Array(Uint8Array.from(bytes).buffer), (half) => half << 16).buffer) },
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction; every one of them is a float32 too. */
function fromFloat16(half: number): number {
  const [exponent, fraction] = [(half >> 10) & 31, half & 1023]
  const size = exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction === 0 ? Infinity : Number.NaN) : (1 + fraction / 1024) * 2 ** (exponent - 15)
  return half >> 15 === 1 ? -size : size
}
