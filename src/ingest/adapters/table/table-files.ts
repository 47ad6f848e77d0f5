import { realpathSync } from 'node:fs'
import { type RawFolder, slashed } from '../../raw-folder.ts'

/** A file whose path matches a pattern, and what the path says by it. */
export type NamedFile = {
  readonly path: string
  /** null = the pattern has no {clip}. */
  readonly clip: string | null
  /** What stands for the other names in braces. */
  readonly values: readonly (readonly [key: string, value: string])[]
}

/** The files of a raw folder whose paths match a pattern of `*`, `?`, `**` and names in braces, sorted by path, and those as deep that do not. */
export function findNamedFiles(raw: RawFolder, pattern: string): { readonly files: readonly NamedFile[]; readonly ignored: readonly string[] } {
  const { regex, names } = compile(pattern)
  const files: NamedFile[] = []
  const ignored: string[] = []
  const folder = fixedFolder(pattern)
  const depth = pattern.includes('**') ? Infinity : pattern.split('/').length - (folder === '' ? 0 : folder.split('/').length)
  for (const path of filesUnder(raw, folder, depth).sort()) {
    const found = regex.exec(path)
    if (found === null) {
      ignored.push(path)
      continue
    }
    const values = names.map((name, at) => [name, found[at + 1]!] as const)
    files.push({ path, clip: values.find(([name]) => name === 'clip')?.[1] ?? null, values: values.filter(([name]) => name !== 'clip') })
  }
  return { files, ignored }
}

/** A name in braces stands for as little of one folder's or file's name as makes the rest match. */
function compile(pattern: string): { regex: RegExp; names: string[] } {
  const names: string[] = []
  const source = pattern.replaceAll(/\{([^{}]*)\}|\*\*\/?|[*?]|[.+^${}()|[\]\\]/g, (found, name: string | undefined) => {
    if (name !== undefined) names.push(name)
    if (name !== undefined) return '([^/]+?)'
    if (found === '**/') return '(?:.*/)?'
    if (found === '**') return '.*'
    if (found === '*') return '[^/]*'
    return found === '?' ? '[^/]' : `\\${found}`
  })
  return { regex: new RegExp(`^${source}$`, 's'), names }
}

/** The folders before the first one whose name is not fixed. */
function fixedFolder(pattern: string): string {
  const folders = pattern.split('/').slice(0, -1)
  const open = folders.findIndex((folder) => /[*?{]/.test(folder))
  return folders.slice(0, open === -1 ? folders.length : open).join('/')
}

/** Files so many names deep, 1 = right in the folder. A link back to a folder that is being walked is not followed: its files are there already. */
function filesUnder(raw: RawFolder, folder: string, depth: number, above: readonly string[] = []): string[] {
  const names = raw.list(folder)
  const here = names.length === 0 ? '' : realpathSync(raw.full(folder))
  if (above.includes(here)) return []
  return names.flatMap(({ name, isFolder }) => {
    const path = slashed(folder, name)
    if (isFolder) return depth > 1 ? filesUnder(raw, path, depth - 1, [...above, here]) : []
    return [path]
  })
}
