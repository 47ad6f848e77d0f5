import type { Transform } from './transform.ts'

/**
 * One transform after the other, in the order of the keys. Each draws from `random` forked by its name and its position, so that adding or removing
 * one never changes what those before it draw.
 */
export function chain(transforms: Readonly<Record<string, Transform>>): Transform {
  return linked(Object.entries(transforms))
}

/** The same for a list of links, where a name may come twice. */
export function linked(links: readonly (readonly [name: string, transform: Transform])[]): Transform {
  return (clip, random) => links.reduce((made, [name, transform], position) => transform(made, random.fork(name).fork(position)), clip)
}
