import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The project's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Files below a folder of the project whose names end so, relative to the root, sorted. */
export function filesOf(folder: string, ending: string): string[] {
  return readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith(ending)).map((path) => `${folder}/${path}`).sort()
}

export function textOf(path: string): string {
  return readFileSync(`${root}/${path}`, 'utf8')
}
