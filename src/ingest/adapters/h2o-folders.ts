import { ToolkitError } from '../../errors.ts'
import { type RawFolder, slashed } from '../raw-folder.ts'

/** What is written for every frame of a camera, by the folder's name in lower case: how many numbers a file holds. */
export const KINDS = { cam_pose: 16, hand_pose: 128, hand_pose_mano: 124, obj_pose: 64, obj_pose_rt: 17, action_label: 1, verb_label: 1 } as const
export type Kind = keyof typeof KINDS
export const kinds = Object.keys(KINDS) as Kind[]

/** One sequence seen by one camera, by names: where each kind of file lies, whichever archive it came from. */
export type H2oFilm = {
  /** `subject1/h1/0`, as the lists have it. */
  readonly sequence: string
  /** `cam4`. */
  readonly camera: string
  /** Folders relative to the raw folder. */
  readonly folders: Readonly<Partial<Record<Kind, string>>>
  readonly intrinsics: string | null
  /** The folder of pictures: `rgb256` before `rgb`. */
  readonly pictures: string | null
}

/** Every sequence and camera under a raw folder, in order of id; archives of one subject that were unpacked side by side are taken together. */
export function findFilms(raw: RawFolder): H2oFilm[] {
  const films = new Map<string, Mutable>()
  for (const { folder, subject } of subjectFolders(raw)) {
    for (const scene of foldersIn(raw, folder, /^[hko][12]$/)) {
      for (const seq of foldersIn(raw, slashed(folder, scene), /^\d+$/)) {
        for (const camera of foldersIn(raw, slashed(folder, scene, seq), /^cam[0-4]$/i)) {
          const sequence = `${subject}/${scene}/${seq}`
          const id = `${sequence}/${camera.toLowerCase()}`
          const film = films.get(id) ?? { sequence, camera: camera.toLowerCase(), folders: {}, intrinsics: null, pictures: null }
          addFolder(raw, film, slashed(folder, scene, seq, camera))
          films.set(id, film)
        }
      }
    }
  }
  return [...films].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, film]) => film)
}

type Mutable = { -readonly [K in keyof H2oFilm]: H2oFilm[K] } & { folders: Partial<Record<Kind, string>> }

/** `subject1`, `subject1_ego`, `subject1_v1_1`, `subject1_pose_v1_1/subject1`, below the raw folder or one folder in it. */
function subjectFolders(raw: RawFolder): { folder: string; subject: string }[] {
  const top = raw.list('').filter(({ isFolder }) => isFolder).map(({ name }) => name)
  const candidates = [...top, ...top.flatMap((name) => raw.list(name).filter(({ isFolder }) => isFolder).map((inner) => slashed(name, inner.name)))]
  return candidates.flatMap((folder) => {
    const subject = /subject([1-4])/i.exec(folder)
    return subject === null || foldersIn(raw, folder, /^[hko][12]$/).length === 0 ? [] : [{ folder, subject: `subject${subject[1]}` }]
  })
}

function addFolder(raw: RawFolder, film: Mutable, folder: string): void {
  for (const { name, isFolder } of raw.list(folder)) {
    const kind = name.toLowerCase()
    const path = slashed(folder, name)
    if (isFolder && kind in KINDS) {
      const other = film.folders[kind as Kind]
      if (other !== undefined && !holdsTheSame(raw, other, path)) {
        throw new ToolkitError('E_H2O_TWICE', `${other} and ${path} are the same folder of the data set, with different files`, { hint: 'keep one of them' })
      }
      film.folders[kind as Kind] ??= path
    } else if (isFolder && (kind === 'rgb256' || (kind === 'rgb' && film.pictures === null))) film.pictures = path
    else if (kind === 'cam_intrinsics.txt') film.intrinsics ??= path
  }
}

function holdsTheSame(raw: RawFolder, a: string, b: string): boolean {
  const names = (folder: string): string => raw.list(folder).map(({ name }) => name).join('/')
  return names(a) === names(b)
}

function foldersIn(raw: RawFolder, folder: string, pattern: RegExp): string[] {
  return raw.list(folder).filter(({ name, isFolder }) => isFolder && pattern.test(name)).map(({ name }) => name)
}
