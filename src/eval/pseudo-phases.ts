import type { Clip } from '../clip.ts'
import { height, meanHeight, smooth } from './joint-signal.ts'

/** Frames over which heights are smoothed before an event is read off. */
const SMOOTHING = 5

/** Joints (columns of `penn-13`) whose mean height has one clear extremum in an action; -1 = highest (smallest y), 1 = lowest. */
const EXTREMA: Readonly<Record<string, { readonly joints: readonly number[]; readonly sign: 1 | -1 }>> = {
  bench_press: { joints: [5, 6], sign: 1 },
  jumping_jacks: { joints: [5, 6], sign: -1 },
  pullup: { joints: [0], sign: -1 },
  pushup: { joints: [0], sign: 1 },
  situp: { joints: [0], sign: -1 },
  squat: { joints: [7, 8], sign: 1 },
}

/** The actions whose phases can be read off the joints; squat has events but no phases. */
export const PSEUDO_ACTIONS = ['bench_press', 'jumping_jacks', 'pullup', 'pushup', 'situp'] as const

/** The actions of which `extremumOf` knows an extremum. */
export const EVENT_ACTIONS = Object.keys(EXTREMA)

/**
 * Pseudo phases [T] of five actions of Penn Action: before and after the extreme height of a joint, four for jumping jacks (wrists at the shoulders, at the
 * top,
 * back at the shoulders); null for other actions or when the rule finds no event. A function of the same joints a model sees: for engineering and
 * relative comparison, never to be set beside published figures.
 */
export function pseudoPhases(clip: Clip): Uint8Array | null {
  const action = clip.labels.action ?? ''
  if (action === 'jumping_jacks') return jumpingJacks(clip)
  const extremum = PSEUDO_ACTIONS.some((name) => name === action) ? extremumOf(clip, action) : null
  return extremum === null ? null : Uint8Array.from({ length: clip.frames }, (_, t) => (t >= extremum ? 1 : 0))
}

/** The rising signal of an action [T]: smoothed height of its joints in px, largest at the extremum; null when there is no rule or no joint. */
export function eventSignal(clip: Clip, action: string): Float64Array | null {
  const rule = clip.skeleton === 'penn-13' ? EXTREMA[action] : undefined
  const heights = rule === undefined ? null : meanHeight(clip, rule.joints)
  return heights === null ? null : smooth(heights, SMOOTHING).map((y) => rule!.sign * y)
}

/** The frame of the extreme height, the first on ties; null when it lies outside of 10-90 % of the clip. */
export function extremumOf(clip: Clip, action: string): number | null {
  const signal = eventSignal(clip, action)
  if (signal === null) return null
  const extremum = signal.indexOf(signal.reduce((most, value) => Math.max(most, value), -Infinity))
  return extremum >= 0.1 * clip.frames && extremum <= 0.9 * clip.frames ? extremum : null
}

/** Wrists above the shoulders from `up` to `down`, highest at `top`: null unless they cross exactly twice. */
function jumpingJacks(clip: Clip): Uint8Array | null {
  if (clip.skeleton !== 'penn-13') return null
  const heights = [5, 6, 1, 2].map((joint) => height(clip, joint))
  if (heights.some((ys) => ys === null)) return null
  const [wrists, shoulders] = [[5, 6], [1, 2]].map((joints) => smooth(meanHeight(clip, joints)!, SMOOTHING)) as [Float64Array, Float64Array]
  const above = Array.from(wrists, (y, t) => y < shoulders[t]!)
  const crossings = above.flatMap((is, t) => (t > 0 && is !== above[t - 1] ? [t] : []))
  if (crossings.length !== 2) return null
  const [up, down] = crossings as [number, number]
  const raised = wrists.slice(up, down)
  const top = up + raised.indexOf(raised.reduce((least, y) => Math.min(least, y), Infinity))
  return Uint8Array.from({ length: clip.frames }, (_, t) => (t >= up ? 1 : 0) + (t >= top ? 1 : 0) + (t >= down ? 1 : 0))
}
