import { type H2oFilm, kinds } from './h2o-folders.ts'

const cameras = ['cam0', 'cam1', 'cam2', 'cam3', 'cam4']
/** Written for the head's camera alone. */
const HEAD_ONLY = new Set(['action_label', 'verb_label'])

/** What the whole download also has, for people: lists, sequences of `whole`, cameras, folders of text files, pictures. */
export function whatIsMissing(films: readonly H2oFilm[], lists: readonly string[], whole: number): string[] {
  const sequences = new Set(films.map(({ sequence }) => sequence)).size
  const heads = films.filter(({ camera }) => camera === 'cam4')
  return [
    ...lists.map((name) => `the list ${name}`),
    ...(sequences < whole ? [`${whole - sequences} of ${whole} sequences`] : []),
    ...cameras.flatMap((name) => lack(name, films.filter(({ camera }) => camera === name).length, [sequences, 'sequences'])),
    ...kinds.flatMap((kind) => {
      const whose = HEAD_ONLY.has(kind) ? heads : films
      return lack(kind, whose.filter(({ folders }) => folders[kind] !== undefined).length, [whose.length, 'films'])
    }),
    ...lack('cam_intrinsics.txt', films.filter(({ intrinsics }) => intrinsics !== null).length, [films.length, 'films']),
    ...lack('pictures', heads.filter(({ folders }) => folders.rgb256 !== undefined || folders.rgb !== undefined).length, [heads.length, 'films of cam4']),
  ]
}

/** Nothing when all have it; the name alone when none has. */
function lack(name: string, found: number, [all, what]: readonly [number, string]): string[] {
  if (found === all) return []
  return [found === 0 ? name : `${name} of ${all - found} of ${all} ${what}`]
}
