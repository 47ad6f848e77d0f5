/** Protocol-buffer wire format, writing only: fields one after the other (https://protobuf.dev/programming-guides/encoding/). */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = []

  /** A varint field (int32, int64, enum); negative numbers take ten bytes. */
  integer(field: number, value: number): this {
    return this.#key(field, 0).#varint(value)
  }

  float(field: number, value: number): this {
    this.#key(field, 5).#parts.push(new Uint8Array(Float32Array.of(value).buffer))
    return this
  }

  /** A length-delimited field: bytes, text, or another message. */
  bytes(field: number, value: Uint8Array | string | ProtobufWriter): this {
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value instanceof ProtobufWriter ? value.finish() : value
    this.#key(field, 2).#varint(bytes.length)
    this.#parts.push(bytes)
    return this
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.#parts.reduce((size, part) => size + part.length, 0))
    let offset = 0
    for (const part of this.#parts) {
      out.set(part, offset)
      offset += part.length
    }
    return out
  }

  #key(field: number, wireType: number): this {
    return this.#varint(field * 8 + wireType)
  }

  #varint(value: number): this {
    const bytes: number[] = []
    let rest = BigInt.asUintN(64, BigInt(value))
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128)
      rest >>= 7n
    }
    bytes.push(Number(rest))
    this.#parts.push(Uint8Array.from(bytes))
    return this
  }
}
