import { type RawFolder, slashed } from '../../raw-folder.ts'
import { TWIN_FILE } from '../../twin-file.ts'

/** What is written for every frame of a camera, by the folder's name in lower case: how many numbers a file holds. */
export const KINDS = { cam_pose: 16, hand_pose: 128, hand_pose_mano: 124, obj_pose: 64, obj_pose_rt: 17, action_label: 1, verb_label: 1 } as const
export type Kind = keyof typeof KINDS
export const kinds = Object.keys(KINDS) as Kind[]

/** Folders of a camera that are read, by their names in lower case; the README calls one of them `object_pose_RT`. */
type Folder = Kind | 'rgb256' | 'rgb'
const folderNames: Readonly<Record<string, Folder>> = {
  ...Object.fromEntries(kinds.map((kind) => [kind, kind])), object_pose_rt: 'obj_pose_rt', rgb256: 'rgb256', rgb: 'rgb' }

/** One sequence seen by one camera, by names: where each kind of file lies, whichever archive it came from. Paths are relative to the raw folder. */
export type H2oFilm = {
  /** `subject1/h1/0`, as the lists have it. */
  readonly sequence: string
  /** `cam4`. */
  readonly camera: string
  /** The camera's folder, in the first archive that has it. */
  readonly home: string
  readonly folders: Readonly<Partial<Record<Folder, string>>>
  /** Folders that are there twice with files of different names: neither is read. */
  readonly twice: readonly (readonly [string, string])[]
  readonly intrinsics: string | null
}

export type H2oFolders = {
  /** In order of id. */
  readonly films: readonly H2oFilm[]
  readonly ignored: readonly string[]
}

type Mutable = { -readonly [K in keyof H2oFilm]: H2oFilm[K] } & { folders: Partial<Record<Folder, string>>; twice: (readonly [string, string])[] }

/** Every sequence and camera under a raw folder; archives of one subject that were unpacked side by side are taken together. */
export function findFilms(raw: RawFolder): H2oFolders {
  const films = new Map<string, Mutable>()
  const { subjects, ignored } = findSubjects(raw)
  for (const { folder, subject } of subjects) {
    for (const scene of foldersIn(raw, folder, SCENE)) {
      for (const seq of foldersIn(raw, slashed(folder, scene), /^\d+$/)) {
        for (const name of foldersIn(raw, slashed(folder, scene, seq), /^cam[0-4]$/i)) {
          const [sequence, camera, home] = [`${subject}/${scene}/${seq}`, name.toLowerCase(), slashed(folder, scene, seq, name)]
          const id = `${sequence}/${camera}`
          const film = films.get(id) ?? { sequence, camera, home, folders: {}, twice: [], intrinsics: null }
          ignored.push(...addCamera(raw, film, home))
          films.set(id, film)
        }
      }
    }
  }
  return { films: [...films].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, film]) => withoutTwice(film)), ignored: ignored.sort() }
}

function withoutTwice(film: H2oFilm): H2oFilm {
  const aside = new Set(film.twice.map(([first]) => first))
  return { ...film, folders: Object.fromEntries(Object.entries(film.folders).filter(([, path]) => !aside.has(path))) }
}

const SCENE = /^[hko][12]$/
/** Not read, but a part of the download. */
const KNOWN = new Set(['label_split', 'object', TWIN_FILE])
/** `subject1_pose_v1_1/subject1` in a folder of its own is 3 deep. */
const DEPTH = 3

/** `subject1`, `subject1_ego`, `subject1_v1_1`, `subject1_pose_v1_1/subject1`: folders of scenes with a subject's number in the path. */
function findSubjects(raw: RawFolder): { subjects: { folder: string; subject: string }[]; ignored: string[] } {
  const subjects: { folder: string; subject: string }[] = []
  const ignored: string[] = []
  const look = (folder: string, depth: number): boolean => {
    const number = /subject([1-4])(?!\d)/i.exec(folder)?.[1]
    if (number !== undefined && foldersIn(raw, folder, SCENE).length > 0) return subjects.push({ folder, subject: `subject${number}` }) > 0
    const inner = depth === DEPTH ? [] : raw.list(folder).filter(({ isFolder }) => isFolder)
    return inner.map(({ name }) => look(slashed(folder, name), depth + 1)).includes(true)
  }
  for (const { name, isFolder } of raw.list('')) {
    if (KNOWN.has(name) || LIST.test(name)) continue
    if (!isFolder || !look(name, 1)) ignored.push(name)
  }
  return { subjects, ignored }
}

const LIST = /^(?:action|pose)_(?:train|val|test)\.txt$/

/** Adds what lies in a camera's folder; answers what is no part of the data set. */
function addCamera(raw: RawFolder, film: Mutable, home: string): string[] {
  return raw.list(home).flatMap(({ name, isFolder }) => {
    const path = slashed(home, name)
    const lower = name.toLowerCase()
    if (isFolder && Object.hasOwn(folderNames, lower)) addFolder(raw, film, { kind: folderNames[lower]!, path })
    else if (!isFolder && lower === 'cam_intrinsics.txt') film.intrinsics ??= path
    else if (!isFolder || lower !== 'depth') return [path]
    return []
  })
}

function addFolder(raw: RawFolder, film: Mutable, { kind, path }: { readonly kind: Folder; readonly path: string }): void {
  const other = film.folders[kind]
  if (other === undefined) film.folders[kind] = path
  else if (namesIn(raw, other) !== namesIn(raw, path)) film.twice.push([other, path])
}

function namesIn(raw: RawFolder, folder: string): string {
  return raw.list(folder).map(({ name }) => name).join('/')
}

function foldersIn(raw: RawFolder, folder: string, pattern: RegExp): string[] {
  return raw.list(folder).filter(({ name, isFolder }) => isFolder && pattern.test(name)).map(({ name }) => name)
}
