/** Flag of `avih`: there is an index; of `idx1`: a frame that can be decoded alone. */
const HAS_INDEX = 0x10
const KEY_FRAME = 0x10

/** A video of JPEG pictures, all of one size: an AVI file (RIFF, Microsoft's AVI 1.0) with one MJPG stream and the index at its end. */
export function writeAvi(jpegs: readonly Uint8Array[], { width, height, fps }: { width: number; height: number; fps: number }): Buffer {
  const largest = Math.max(...jpegs.map(({ length }) => length))
  const header = chunk('avih', words(Math.round(1e6 / fps), largest * fps, 0, HAS_INDEX, jpegs.length, 0, 1, largest, width, height, 0, 0, 0, 0))
  const stream = chunk('strh', Buffer.concat([
    Buffer.from('vidsMJPG'), words(0, 0, 0, 1, fps, 0, jpegs.length, largest, -1, 0, 0, width | (height << 16)),
  ]))
  const format = chunk('strf', Buffer.concat([words(40, width, height, 1 | (24 << 16)), Buffer.from('MJPG'), words(width * height * 3, 0, 0, 0, 0)]))
  const pictures = jpegs.map((jpeg) => chunk('00dc', jpeg))
  let at = 4
  const index = jpegs.map((jpeg, frame) => {
    const entry = Buffer.concat([Buffer.from('00dc'), words(KEY_FRAME, at, jpeg.length)])
    at += pictures[frame]!.length
    return entry
  })
  return chunk('RIFF', Buffer.concat([
    Buffer.from('AVI '), list('hdrl', [header, list('strl', [stream, format])]), list('movi', pictures), chunk('idx1', Buffer.concat(index)),
  ]))
}

/** Four letters, the length of the content, the content, and a zero to make it even. */
function chunk(name: string, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(name), words(content.length), content, Buffer.alloc(content.length % 2)])
}

function list(name: string, chunks: readonly Buffer[]): Buffer {
  return chunk('LIST', Buffer.concat([Buffer.from(name), ...chunks]))
}

function words(...values: readonly number[]): Buffer {
  return Buffer.from(Int32Array.from(values).buffer)
}
