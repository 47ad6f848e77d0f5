import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clip } from '../clip.ts'
import { withDuck } from '../store/duckdb.ts'
import { makeFolder } from '../store/durable.ts'
import { parquetWriter } from '../store/write-parquet.ts'
import { clipTable } from './clip-table.ts'
import { datasetCard } from './dataset-card.ts'
import { type ClipPlace, type ExportFormat, type FormatContext, type FormatWriter, type OutgoingClip, partOf } from './format.ts'

/**
 * A data set as the Hugging Face Hub keeps them: `data/<side>-00000-of-00003.parquet`, a row per clip with nested lists, and README.md with the features, the
 * names of the labels among them. Clips come in the order of the hash of their films. huggingface.co/docs/hub/datasets-cards.
 */
export const huggingFace: ExportFormat = {
  holdsPictures: false,
  holdsConfidence: () => true,
  lack: () => null,
  open: async (context) => openParts(context),
}

/** A file is made in memory, and there it takes so many times its own size. */
const IN_MEMORY = 4

/** Clips that will be rows of the next file of a part. */
type Part = { files: string[]; rows: OutgoingClip[]; bytes: number }

type Placed = { readonly id: string; readonly part: string; readonly file: number; readonly row: number }

function openParts({ entry, folder, about, fileBytes }: FormatContext): FormatWriter {
  const parts = new Map<string, Part>()
  const placed: Placed[] = []
  const draft = (part: string, file: number): string => join(folder.dir, 'data', `${part}-${file}.parquet`)

  async function flush(name: string, part: Part): Promise<void> {
    await makeFolder(join(folder.dir, 'data'))
    const file = draft(name, part.files.length)
    await withDuck((duck) => parquetWriter(duck)(file, clipTable(part.rows)), { threads: 1 })
    placed.push(...part.rows.map(({ clip: { id } }, row) => ({ id, part: name, file: part.files.length, row })))
    part.files.push(file)
    part.rows = []
    part.bytes = 0
  }

  return {
    async add(outgoing) {
      const name = partOf(outgoing)
      const part = parts.get(name) ?? { files: [], rows: [], bytes: 0 }
      parts.set(name, part)
      const bytes = bytesOf(outgoing.clip)
      if (part.rows.length > 0 && part.bytes + bytes > fileBytes / IN_MEMORY) await flush(name, part)
      part.rows.push(outgoing)
      part.bytes += bytes
    },
    async finish() {
      for (const [name, part] of parts) {
        await flush(name, part)
        for (const [file, path] of part.files.entries()) await rename(path, join(folder.dir, fileName(name, file, part.files.length)))
      }
      const card = await folder.create('README.md')
      await card.write([Buffer.from(datasetCard(entry, about, [...parts.keys()].sort()))])
      await card.close()
      const place = ({ part, file, row }: Placed): ClipPlace => ({ file: fileName(part, file, parts.get(part)!.files.length), place: String(row) })
      return new Map(placed.map((one) => [one.id, place(one)]))
    },
  }
}

function fileName(part: string, file: number, files: number): string {
  const digits = (count: number): string => String(count).padStart(5, '0')
  return `data/${part}-${digits(file)}-of-${digits(files)}.parquet`
}

/** What a clip takes in memory until its file is written. */
function bytesOf({ keypoints, frames }: Clip): number {
  return 4 * (2 * (keypoints?.length ?? 0) + 5 * frames)
}
