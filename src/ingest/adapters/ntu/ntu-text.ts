import { FormatError } from '../../readers/format-error.ts'

/** Joints of a body, and numbers of a joint: x y z (m), depthX depthY (px of 512 x 424), colorX colorY (px of 1920 x 1080), qW qX qY qZ, tracking state. */
export const NTU_JOINTS = 25
export const NTU_COLUMNS = 12

/** One body in one frame. */
export type NtuBody = {
  readonly frame: number
  /** A 64-bit integer as written: beyond 2^53, so never a number. */
  readonly id: string
  /** [25, 12]; NaN where the file has no finite number. */
  readonly joints: Float64Array
}

export type NtuText = {
  readonly frames: number
  /** In order of frame, then as they stand in the file. */
  readonly bodies: readonly NtuBody[]
}

/** As many as the device tracks at once. */
const MAX_BODIES = 6
const BODY_COLUMNS = 10

/**
 * Reads the text of a `.skeleton` file of NTU RGB+D: number of frames; per frame the number of bodies; per body a line of 10, the number of joints (25) and
 * a line of 12 per joint (read_skeleton_file.m of shahroudy/NTURGB-D). Throws FormatError E_NTU_TEXT with line and byte.
 */
export function readNtuText(bytes: Uint8Array): NtuText {
  const lines = startLines(bytes)
  const frames = lines.count('the number of frames')
  const bodies: NtuBody[] = []
  for (let frame = 0; frame < frames; frame++) {
    const where = `frame ${frame + 1}`
    const count = lines.count(`the number of bodies of ${where}`)
    if (count > MAX_BODIES) throw lines.broken(`${count} bodies in ${where}, a Kinect v2 sees at most ${MAX_BODIES}`)
    for (let body = 1; body <= count; body++) bodies.push(readBody(lines, frame, `body ${body} of ${where}`))
  }
  lines.end(frames)
  return { frames, bodies }
}

function readBody(lines: Lines, frame: number, where: string): NtuBody {
  const [id] = lines.tokens(where, BODY_COLUMNS)
  if (!/^-?\d+$/.test(id!)) throw lines.broken(`"${id}" is no number of a body (${where})`)
  const count = lines.count(`the number of joints of ${where}`)
  if (count !== NTU_JOINTS) throw lines.broken(`${count} joints of ${where}, ${NTU_JOINTS} are expected`)
  const joints = new Float64Array(NTU_JOINTS * NTU_COLUMNS)
  for (let joint = 0; joint < NTU_JOINTS; joint++) {
    const tokens = lines.tokens(`joint ${joint + 1} of ${where}`, NTU_COLUMNS)
    for (let column = 0; column < NTU_COLUMNS; column++) joints[joint * NTU_COLUMNS + column] = lines.number(tokens[column]!)
    const state = tokens[NTU_COLUMNS - 1]!
    if (!/^[012]$/.test(state)) throw lines.broken(`the tracking state "${state}" of joint ${joint + 1} of ${where}; there are 0, 1 and 2`)
  }
  return { frame, id: id!, joints }
}

type Lines = {
  tokens(what: string, count: number): readonly string[]
  count(what: string): number
  number(token: string): number
  end(frames: number): void
  /** An error about the line that was read last. */
  broken(message: string): FormatError
}

const finite = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/
/** What C#, C++ and MATLAB write where the device could not map a point. */
const notFinite = /^[-+]?(?:nan|inf|infinity|1\.#(?:ind|inf|qnan)0*)$/i

function startLines(bytes: Uint8Array): Lines {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  let [start, next, number] = [0, 0, 0]

  function line(what: string): string {
    number++
    start = next
    if (start >= text.length) throw broken(`the file ends where ${what} should be`)
    const end = text.indexOf('\n', start)
    next = end === -1 ? text.length : end + 1
    return text.slice(start, end === -1 ? text.length : end).trim()
  }
  function broken(message: string): FormatError {
    return new FormatError('E_NTU_TEXT', `line ${number}: ${message}`, start)
  }
  return {
    broken,
    count(what) {
      const found = line(what)
      if (!/^\d{1,9}$/.test(found)) throw broken(`"${shortened(found)}" where ${what} should be`)
      return Number(found)
    },
    tokens(what, count) {
      const found = line(what)
      const tokens = found === '' ? [] : found.split(/\s+/)
      if (tokens.length !== count) throw broken(`${tokens.length} values for ${what}, ${count} are expected`)
      return tokens
    },
    number(token) {
      if (finite.test(token)) return Number(token)
      if (notFinite.test(token)) return NaN
      throw broken(`"${shortened(token)}" is no number`)
    },
    end(frames) {
      const rest = text.slice(next)
      const blank = rest.length - rest.trimStart().length
      if (blank === rest.length) return
      const upTo = rest.slice(0, blank)
      number += upTo.split('\n').length
      start = next + blank
      throw broken(`something follows frame ${frames}, which should be the last`)
    },
  }
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text
}
