import type { DatasetEntry } from '../../../catalog.ts'
import type { Quarantined } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import { isQuarantined, type RawFolder, slashed } from '../../raw-folder.ts'
import { casaName, readCasaFile } from './casa-videos.ts'

/** A video in a file of CASA's, and what it is called there. */
export type CasaPlace = { readonly path: string; readonly name: string }

/** Where CASA's files have something on the videos. */
export type FoundCasa = {
  readonly videos: ReadonlyMap<string, CasaPlace>
  readonly ignored: readonly string[]
  readonly quarantined: readonly Quarantined[]
}

/** Looks for `npyrecords/{name}_{train|val}.npy` in the raw folder or in `root`. Throws E_CASA_FILE for a video in two files. */
export function findCasa(raw: RawFolder, root: string, { entry, videos }: { readonly entry: DatasetEntry; readonly videos: ReadonlySet<string> }): FoundCasa {
  const found = new Map<string, CasaPlace>()
  const ignored: string[] = []
  const quarantined: Quarantined[] = []
  const folder = ['', root].map((base) => slashed(base, 'npyrecords')).find((path) => raw.stat(path)?.isFolder === true)
  for (const { name } of folder === undefined ? [] : raw.list(folder)) {
    const path = slashed(folder!, name)
    const casa = entry.phases.some(({ tccName }) => tccName === casaName(path)?.name) ? readCasaFile(raw, path) : null
    if (casa === null) ignored.push(path)
    else if (isQuarantined(casa)) quarantined.push(casa)
    else {
      const names = [...casa.videos.keys()]
      const own = names.filter((name) => videos.has(videoOf(name)))
      for (const name of own) place(found, videoOf(name), { path, name })
      const first = names.find((name) => !own.includes(name))
      if (first !== undefined) ignored.push(`${path}: ${names.length - own.length} of ${names.length} videos have no label file, the first "${first}"`)
    }
  }
  return { videos: found, ignored, quarantined }
}

function place(found: Map<string, CasaPlace>, video: string, { path, name }: CasaPlace): void {
  const other = found.get(video)
  if (other !== undefined) throw new ToolkitError('E_CASA_FILE', `video ${video} twice: in ${other.path} and in ${path}`, { hint: 'keep one of them' })
  found.set(video, { path, name })
}

/** `0001` of `0001` and of `0001_baseball_pitch`. */
function videoOf(name: string): string {
  return name.split('_')[0]!
}
