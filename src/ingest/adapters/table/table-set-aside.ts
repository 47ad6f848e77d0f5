import type { Quarantined } from '../../../clip.ts'
import { quarantinedBy, type RawFolder } from '../../raw-folder.ts'
import { hashFile } from '../../large-file.ts'

/** The entry of the quarantine that an error about a table makes, or about a part of it: a row, a clip. */
export function setAside(raw: RawFolder, error: unknown, { path, part }: { path: string; part: string | null }): Quarantined {
  const quarantined = quarantinedBy(error, part === null ? path : `${path}#${part}`)
  return quarantined.code === 'E_RAW_READ' ? quarantined : { ...quarantined, sha256: hashFile(raw, path).sha256 }
}
