import { existsSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { fewNames } from '../few-names.ts'
import { readNpy } from '../ingest/readers/npy.ts'
import { readZip } from '../ingest/readers/zip.ts'
import { readFrameRows } from '../store/read-frame-rows.ts'
import type { Tensor } from '../tensor.ts'

/**
 * Embeddings of others, [T, d] by the id of a clip or view: an `.npz` with an array of floats per id, or a `.parquet` with a row per frame, `clip_id` (or `clip`),
 * `frame`, and `e0`, `e1`, ... or a list `embedding`, rows in any order. float64 is rounded to float32.
 * Throws E_EMBEDDINGS_FILE, E_EMBEDDINGS_DTYPE, E_EMBEDDINGS_SHAPE, E_EMBEDDINGS_ROWS, E_EMBEDDINGS_NUMBER, and FormatError for what is no npz.
 */
export async function readEmbeddings(file: string): Promise<Map<string, Tensor>> {
  if (!existsSync(file)) throw wrongFile(`there is no file "${file}"`)
  const kind = extname(file)
  if (kind !== '.npz' && kind !== '.parquet') throw wrongFile(`"${file}" is neither .npz nor .parquet`)
  const found = kind === '.npz' ? readNpz(file) : await readFrameRows(file)
  if (found.size === 0) throw wrongFile(`"${file}" holds no embeddings`)
  const [first] = found.values()
  for (const [id, { shape, data }] of found) {
    if (shape[1] !== first!.shape[1]) throw new ToolkitError('E_EMBEDDINGS_SHAPE', `${id} has ${shape[1]} numbers per frame, others have ${first!.shape[1]}`)
    const bad = data.findIndex((value) => !Number.isFinite(value))
    if (bad !== -1) throw new ToolkitError('E_EMBEDDINGS_NUMBER', `frame ${Math.floor(bad / shape[1]!)} of ${id} holds ${data[bad]}`, { hint: 'every number must be finite as float32' })
  }
  return found
}

function readNpz(file: string): Map<string, Tensor> {
  const entries = readZip(readFileSync(file))
  const names = entries.map(({ name }) => name.replace(/\.npy$/, ''))
  const twice = names.filter((name, at) => names.indexOf(name) !== at)
  if (twice.length > 0) throw new ToolkitError('E_EMBEDDINGS_ROWS', `"${file}" has two arrays of ${fewNames(twice)}`)
  return new Map(entries.map(({ bytes, read }, at) => {
    const id = names[at]!
    const { dtype, shape, values } = readNpy(read(), { maxBytes: 4 * bytes + 2 ** 16 })
    if (!/f[248]$/.test(dtype)) throw new ToolkitError('E_EMBEDDINGS_DTYPE', `the array of ${id} is of dtype ${dtype}; float16, float32 and float64 are read`)
    if (shape.length !== 2 || shape.includes(0)) throw new ToolkitError('E_EMBEDDINGS_SHAPE', `the array of ${id} is of shape (${shape.join(', ')}), not [frames, numbers]`)
    return [id, { shape, data: Float32Array.from(values) }]
  }))
}

function wrongFile(message: string): ToolkitError {
  return new ToolkitError('E_EMBEDDINGS_FILE', message, { hint: 'numpy.savez(file, **{clip_id: array}) writes one, or a Parquet file of clip_id, frame, e0, e1, ...' })
}
