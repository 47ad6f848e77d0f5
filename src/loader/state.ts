import { type LoaderState, loaderState } from '../batch.ts'
import { ToolkitError } from '../errors.ts'
import type { Hash } from '../hash.ts'
import type { Resizing } from './frames/index.ts'

/** What a state must agree with to be gone on from. */
export type Identity = Pick<LoaderState, 'split' | 'root' | 'seed' | 'plan'>

/**
 * Who a loader is, with hashes cut to the first 32 digits, 128 bits (a plan's to 16): so that a state is at most 200 bytes whatever its numbers are. Of a root whose pictures were made
 * small, the last of them make room for how: `:224q90`, a short side of 224 px at quality 90.
 */
export function identityOf({ split, root, seed, plan, pictures = null }: { split: Hash; root: Hash; seed: number; plan: Hash | null; pictures?: Resizing | null }): Identity {
  const made = pictures === null ? '' : `:${pictures.short}q${pictures.quality}`
  return { split: split.slice(0, 32), root: root.slice(0, 32 - made.length) + made, seed, ...(plan === null ? {} : { plan: plan.slice(0, 16) }) }
}

/** The state after `next` samples. */
export function stateAt(identity: Identity, next: number, samplesPerEpoch: number): LoaderState {
  const { split, root, seed, plan } = identity
  return { format: 1, split, root, seed, ...(plan === undefined ? {} : { plan }), epoch: Math.floor(next / samplesPerEpoch), next }
}

/** What it is compared by, once it is there. */
const names = loaderState.pick({ split: true, root: true }).loose()

/** The number of samples a state has behind it. Throws E_LOADER_STATE for one of another split, root, seed, plan, size of pictures or number of samples. */
export function resumedAt(state: LoaderState, here: Identity, samplesPerEpoch: number): number {
  if (!names.safeParse(state).success) throw refused(`the loader state is none: ${JSON.stringify(state)}`)
  if (state.format !== 1) throw refused(`the loader state has format ${String(state.format)}, this version reads format 1`)
  if (isSameData(state.root, here.root) && picturesIn(state.root) !== picturesIn(here.root)) throw refused(`the loader state belongs to ${picturesIn(state.root)}, not to ${picturesIn(here.root)}`)
  for (const name of ['split', 'root', 'seed', 'plan'] as const) {
    if (state[name] !== here[name]) throw refused(`the loader state belongs to ${named(name, state[name])}, not to ${named(name, here[name])}`)
  }
  if (!Number.isSafeInteger(state.next) || state.next < 0 || state.epoch !== Math.floor(state.next / samplesPerEpoch)) {
    throw refused(`the loader state stands at sample ${state.next} of epoch ${state.epoch}, which ${samplesPerEpoch} samples an epoch do not have`)
  }
  return state.next
}

/** The digits that both have agree: only their pictures may differ. */
function isSameData(one: string, other: string): boolean {
  const [digits = '', others = ''] = [one, other].map((root) => root.split(':')[0]!)
  const length = Math.min(digits.length, others.length)
  return length > 0 && digits.slice(0, length) === others.slice(0, length)
}

function picturesIn(root: string): string {
  const [, short, quality] = /:(\d+)q(\d+)$/.exec(root) ?? []
  return short === undefined ? 'pictures that were not made small' : `pictures with a short side of ${short} px, JPEGs of quality ${quality}`
}

function named(name: string, value: string | number | undefined): string {
  return value === undefined ? `the plain ${name}` : `${name} ${value}`
}

function refused(message: string): ToolkitError {
  return new ToolkitError('E_LOADER_STATE', message, { hint: 'Resume with the store, split, seed, plan and size of pictures the run began with, or start a new run.' })
}
