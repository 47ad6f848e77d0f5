import { type Cell, fail, isKind, kindOf, type Machine } from './pickle-machine.ts'
import type { PickleValue } from './pickle-value.ts'

/** Deeper nesting is for breaking recursive readers. */
const MAX_DEPTH = 256

/** What is known of a container that was walked: how deep it nests, and how many values a reader meets who follows it. */
type Walked = { readonly depth: number; readonly values: number }
type Frame = { readonly container: object; readonly children: Iterator<Cell>; depth: number; values: number }

/**
 * Holds what a pickle made against what its readers may trust: values and nothing else, no container inside itself, at most 256 levels, and not much more to
 * walk through than the memory allowed (shared lists of shared lists grow exponentially). Throws FormatError.
 */
export function checkValue(machine: Machine, root: Cell): PickleValue {
  const most = machine.budget.most / 8
  const done = new Map<object, Walked>()
  const open = new Set<object>()
  const frames: Frame[] = []
  const enter = (cell: Cell, into: Frame | null): void => {
    const children = childrenOf(machine, cell)
    if (children === null) return grow(into, { depth: 0, values: 1 })
    const known = done.get(cell as object)
    if (known !== undefined) return grow(into, known)
    if (open.has(cell as object)) throw fail(machine, 'E_PICKLE_CYCLE', `leaves ${kindOf(cell)} that holds itself`)
    if (frames.length >= MAX_DEPTH) throw fail(machine, 'E_PICKLE_DEPTH', `leaves values nested in more than ${MAX_DEPTH} levels`)
    open.add(cell as object)
    frames.push({ container: cell as object, children, depth: 0, values: 1 })
  }
  const grow = (into: Frame | null, { depth, values }: Walked): void => {
    if (into === null) return
    into.depth = Math.max(into.depth, depth + 1)
    into.values += values
    if (frames.length + into.depth > MAX_DEPTH) throw fail(machine, 'E_PICKLE_DEPTH', `leaves values nested in more than ${MAX_DEPTH} levels`)
    if (into.values > most) throw fail(machine, 'E_PICKLE_LARGE', `leaves more than ${Math.floor(most)} values, counted each time they are shared`)
  }
  enter(root, null)
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const next = frame.children.next()
    if (next.done !== true) {
      enter(next.value, frame)
      continue
    }
    frames.pop()
    open.delete(frame.container)
    done.set(frame.container, frame)
    grow(frames.at(-1) ?? null, frame)
  }
  return root as PickleValue
}

/** The cells in a container; null = it is a value without any. */
function childrenOf(machine: Machine, cell: Cell): Iterator<Cell> | null {
  if (typeof cell !== 'object' || cell === null || cell instanceof Uint8Array) return null
  if (Array.isArray(cell)) return cell.values()
  if (cell instanceof Map) return both(cell)
  if (cell instanceof Set) return cell.values()
  if (isKind(cell, 'ndobjects')) return cell.values.values()
  if (isKind(cell, 'ndarray') || isKind(cell, 'ndtexts')) return null
  throw fail(machine, 'E_PICKLE_VALUE', `leaves ${kindOf(cell)}, which is no value`)
}

function* both(map: ReadonlyMap<Cell, Cell>): Generator<Cell, undefined> {
  for (const [key, value] of map) {
    yield key
    yield value
  }
}
