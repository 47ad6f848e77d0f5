import type { Transform } from './transform.ts'

/**
 * One transform after the other, in the order of the keys. Each draws from `random` forked by its name and its position, so that adding or removing
 * one never changes what those before it draw.
 */
export function chain(transforms: Readonly<Record<string, Transform>>): Transform {
  const links = Object.entries(transforms)
  return (clip, random) => links.reduce((made, [name, transform], position) => transform(made, random.fork(name).fork(position)), clip)
}
