import type { Quarantined } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import { quarantinedBy, type RawFolder } from '../../raw-folder.ts'
import { maskedCrc32c } from '../../readers/crc32c.ts'
import { FormatError } from '../../readers/format-error.ts'
import { malformed, readVarint } from '../../readers/protobuf-wire.ts'
import { type FeatureValues, readSequenceExample, type SequenceExample } from '../../readers/sequence-example.ts'
import { readTfRecords } from '../../readers/tfrecord.ts'
import { hashFile, type OpenFile, withFile } from '../../large-file.ts'

/** A record of a shard of TCC's: plain data, enough to read it later. */
export type TccRecord = {
  readonly path: string
  /** From 0. */
  readonly number: number
  /** Where it begins in the file, and how long it is with its frame of lengths and checksums. */
  readonly offset: number
  readonly bytes: number
  /** The video: `0001_baseball_pitch` of Penn Action; empty when the record does not say. */
  readonly name: string
}

/** Length as uint64 and its checksum before the payload, the checksum of the payload behind it. */
const HEAD = 12
const TAIL = 4
/** The most that a record may hold: 20 times the longest video of Penn Action. */
const MAX_BYTES = 2 ** 28
/** Where the context lies, as a rule. */
const WINDOW = 4096
/** Tag of field 1 of a SequenceExample, its context: a message. */
const CONTEXT = 10

/**
 * The records of a TFRecord file of TCC's, by names alone: of a record of some MB only its length and the context at its start are read. What is behind a
 * broken frame cannot be found and is said to be lost; a record of which only the context is broken is left out. tcc/dataset_preparation/dataset_utils.py.
 */
export function listTccRecords(raw: RawFolder, path: string): { readonly records: readonly TccRecord[]; readonly quarantined: readonly Quarantined[] } {
  const records: TccRecord[] = []
  const quarantined: Quarantined[] = []
  try {
    withFile(raw, path, (file) => {
      for (let [offset, number, bytes] = [0, 0, 0]; offset < file.bytes; offset += bytes, number++) {
        bytes = HEAD + readLength(file, offset) + TAIL
        const found = { path, number, offset, bytes }
        try {
          records.push({ ...found, name: readName(file, found) })
        } catch (error) {
          quarantined.push(aboutRecord(raw, found, error))
        }
      }
    })
  } catch (error) {
    quarantined.push({ ...quarantinedBy(error, path), ...(error instanceof FormatError ? { sha256: hashFile(raw, path).sha256 } : {}) })
  }
  return { records, quarantined }
}

/**
 * The phase of each frame of a record, read whole and its checksums verified; null = it labels no frames. The pictures beside them are copies of the frames,
 * 224 x 224 px, and left alone. Throws E_TCC_RECORD, FormatError, E_RAW_READ.
 */
export function readFrameLabels(raw: RawFolder, record: TccRecord): readonly number[] | null {
  const bytes = withFile(raw, record.path, (file) => file.read(record.offset, record.bytes))
  return within(record, 0, () => {
    const { done, value } = readTfRecords(bytes, { maxBytes: MAX_BYTES }).next()
    if (done === true) throw new FormatError('E_TFRECORD_CUT', 'the file ends before it', 0)
    return frameLabels(within(null, HEAD, () => readSequenceExample(value.payload)))
  })
}

/** Where a record lies, for people. */
export function placeOf({ number, offset }: Pick<TccRecord, 'number' | 'offset'>): string {
  return `record ${number} at byte ${offset}`
}

/** The entry of the quarantine that an error about a record makes. */
export function aboutRecord(raw: RawFolder, record: Omit<TccRecord, 'name'>, error: unknown): Quarantined {
  const quarantined = quarantinedBy(error, `${record.path}#${placeOf(record)}`)
  return quarantined.code === 'E_RAW_READ' ? quarantined : { ...quarantined, sha256: hashFile(raw, record.path).sha256 }
}

function frameLabels({ context, lists }: SequenceExample): readonly number[] | null {
  const features = lists.get('frame_labels')
  if (features === undefined) return null
  const labels = features.map(({ kind, values }, frame) => {
    if (kind === 'int64' && values.length === 1) return values[0]!
    throw new ToolkitError('E_TCC_RECORD', `${values.length} values of kind ${kind} label frame ${frame}; one integer does`)
  })
  const length = context.get('len')
  if (length?.kind === 'int64' && length.values[0] !== labels.length) {
    throw new ToolkitError('E_TCC_RECORD', `the record says ${length.values[0]} frames and labels ${labels.length}`)
  }
  return labels
}

function readLength(file: OpenFile, at: number): number {
  const head = file.read(at, HEAD)
  if (head.length < HEAD) throw new FormatError('E_TFRECORD_CUT', `the record at byte ${at} takes at least ${HEAD + TAIL} bytes, ${head.length} are left`, at)
  if (maskedCrc32c(head.subarray(0, 8)) !== head.readUInt32LE(8)) {
    throw new FormatError('E_TFRECORD_CRC', `the length of the record at byte ${at} has another checksum than it says; what follows cannot be found`, at)
  }
  const length = Number(head.readBigUInt64LE(0))
  if (length + TAIL > file.bytes - at - HEAD) {
    throw new FormatError('E_TFRECORD_CUT', `the record at byte ${at} takes ${HEAD + length + TAIL} bytes, ${file.bytes - at} are left`, at)
  }
  if (length > MAX_BYTES) throw new FormatError('E_TFRECORD_LARGE', `the record at byte ${at} has ${length} bytes, ${MAX_BYTES} are allowed`, at)
  return length
}

/** What the context calls the video. It lies at the start as a rule; where no name is found there, the whole record is read. */
function readName(file: OpenFile, record: Omit<TccRecord, 'name'>): string {
  const length = record.bytes - HEAD - TAIL
  const payload = (bytes: number): Buffer => file.read(record.offset + HEAD, Math.min(length, bytes))
  const nameIn = (bytes: Uint8Array): string => textOf(readSequenceExample(bytes).context.get('name'))
  return within(record, HEAD, () => {
    const start = payload(WINDOW)
    const end = start[0] === CONTEXT ? endOfContext(start, length) : 0
    const name = nameIn(end <= start.length ? start.subarray(0, end) : payload(end))
    return name === '' && end < length ? nameIn(payload(length)) : name
  })
}

function endOfContext(start: Buffer, length: number): number {
  const { value, next } = readVarint(start, 1, start.length)
  if (value < 0 || value > length - next) throw malformed(`a context of ${value} bytes where ${length - next} are left`, next)
  return next + value
}

function textOf(feature: FeatureValues | undefined): string {
  return feature?.kind === 'bytes' && feature.values.length === 1 ? Buffer.from(feature.values[0]!).toString('utf8') : ''
}

/** Offsets of errors inside a record, counted from the start of the file and with the record named. */
function within<T>(record: Omit<TccRecord, 'name'> | null, start: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const { code, message, offset, hint } = error
    const place = record === null ? message : `${placeOf(record)}: ${message}`
    throw new FormatError(code, place, (record?.offset ?? 0) + start + offset, { cause: error, ...(hint === undefined ? {} : { hint }) })
  }
}
