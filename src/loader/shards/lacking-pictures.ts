import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolkitError } from '../../errors.ts'
import type { StoredImage } from '../../store/index.ts'
import { readImageFile } from '../frames/index.ts'
import type { EntrySource, UnreadablePicture } from './entry-source.ts'
import { filmsOf } from './picture-files.ts'

/** Files that are read at a time. */
const AT_ONCE = 64

/**
 * Which pictures that the store keeps by reference are not in the raw folder, or not as they were ingested, by film and frame. Every image file is hashed, which takes some hundredths of the time of making
 * them smaller; of a video only whether it is there. Throws E_PICTURE_MISSING where not one is there: it is another folder.
 */
export async function lackingPictures(source: EntrySource, rawDir: string, signal?: AbortSignal): Promise<readonly UnreadablePicture[]> {
  const lacking: UnreadablePicture[] = []
  let asked = 0
  for await (const { id, images } of filmsOf(source)) {
    const kept = images.filter(({ file }) => file === null)
    asked += kept.length
    for (let at = 0; at < kept.length; at += AT_ONCE) {
      signal?.throwIfAborted()
      const found = await Promise.all(kept.slice(at, at + AT_ONCE).map((image) => lackOf(rawDir, image, id)))
      lacking.push(...found.filter((lack) => lack !== null))
    }
  }
  if (asked > 0 && lacking.length === asked) {
    throw new ToolkitError('E_PICTURE_MISSING', `none of the ${asked} pictures of these clips is in "${rawDir}" as it was ingested`, { hint: 'name the raw folder that was ingested' })
  }
  return lacking
}

async function lackOf(rawDir: string, image: StoredImage, film: string): Promise<UnreadablePicture | null> {
  const { frame, path, bytes } = image
  const gone = { film, frame, path, code: 'E_PICTURE_MISSING', fault: 'the raw folder has no such file that can be read' } as const
  if (bytes === null) return access(join(rawDir, path)).then(() => null, () => gone)
  try {
    await readImageFile(rawDir, image, film)
    return null
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    return error.code === 'E_PICTURE_MISSING' ? gone : { film, frame, path, code: 'E_PICTURE_CHANGED', fault: 'the file is not the one that was ingested' }
  }
}
