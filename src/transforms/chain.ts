import { both, carried, isMoving, type Move } from './moving.ts'
import type { Transform } from './transform.ts'

/**
 * One transform after the other, in the order of the keys. Each draws from `random` forked by its name and its position, so that adding or removing
 * one never changes what those before it draw.
 */
export function chain(transforms: Readonly<Record<string, Transform>>): Transform {
  return linked(Object.entries(transforms))
}

/** The same for a list of links, where a name may come twice. Links that move the clip as a whole, one after the other, are one map of the plane: joints are rounded once. */
export function linked(links: readonly (readonly [name: string, transform: Transform])[]): Transform {
  return (clip, random) => {
    let made = clip
    let move: Move | null = null
    for (const [position, [name, transform]] of links.entries()) {
      const drawn = random.fork(name).fork(position)
      if (isMoving(transform)) move = both(move, transform.move(made, drawn))
      else {
        made = transform(carried(made, move), drawn)
        move = null
      }
    }
    return carried(made, move)
  }
}
