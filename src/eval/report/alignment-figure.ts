import type { Clip } from '../../clip.ts'
import type { Encoder } from '../../encoder.ts'
import { randomAt } from '../../random.ts'
import type { Skeleton } from '../../skeleton.ts'
import { crop } from '../../transforms/crop.ts'
import { embed } from '../measured.ts'
import { nearestFrames } from '../metrics/nearest-neighbour.ts'
import { phasesOf } from '../phases.ts'
import { bare, viewOf } from '../views.ts'
import { type AlignmentFigure, film } from './report-data.ts'
import { FRAMING, wholeFilm } from './whole-film.ts'

const noteOf = (isCut: boolean): string => 'Two test clips drawn by the seed, not picked by eye, out of those with at least 80 % of their joints (and with phases, where the action has them). '
  + (isCut ? 'A is cut at the start, so that it cannot be aligned by counting; B is whole. ' : 'Both are whole: given embeddings cannot be cut, and counting may do as well. ')
  + 'For every frame of A, B shows the frame whose embedding is nearest: nothing smooths or orders the answer.'

/** Least share of located joints of a clip that is shown, where two clips have it. */
const COMPLETE = 0.8

/**
 * Two test clips for the animation, drawn by the seed out of the presentable ones: A = the last 50 to 80 % of one (all of it unless `isCut`), B = the whole of another recording; and for
 * each frame of A the
 * nearest frame of B under every encoder. null when there are no two clips with joints.
 */
export async function alignmentFigure(
  followers: readonly { readonly encoder: Encoder; readonly title: string }[], test: readonly Clip[],
  { seed, skeleton, isCut = true }: { seed: number; skeleton: Skeleton; isCut?: boolean },
): Promise<AlignmentFigure | null> {
  const able = presentable(test)
  const random = randomAt({ seed, transform: 'report-pair' })
  const a = able[random.integer(Math.max(1, able.length))]
  const others = able.filter((clip) => clip.group !== a?.group)
  const b = others[random.integer(Math.max(1, others.length))]
  if (a === undefined || b === undefined) return null
  const view = isCut ? viewOf(a, random.between(0.2, 0.5) * a.frames, a.frames) : bare(a)
  const frames = await Promise.all(followers.map(async ({ encoder, title }) => {
    const [from, to] = await embed(encoder, [view.clip, bare(b).clip])
    return { name: encoder.name, title, frames: Array.from(nearestFrames(from!, to!)) }
  }))
  const phasesA = phasesOf(a)
  const framed = crop({ padding: FRAMING })
  return {
    a: film(framed(view.clip, random), {
      whole: a, start: view.start, end: view.end, labels: phasesA?.kind ?? null,
      phases: phasesA === null ? null : Array.from(view.time, (t) => phasesA.phases[Math.round(t)]!),
    }),
    b: wholeFilm(b),
    edges: skeleton.edges, pairs: skeleton.pairs, followers: frames, note: noteOf(isCut),
  }
}

/** The strictest choice that leaves two recordings: joints nearly complete and phases known, joints nearly complete, any joint at all. */
function presentable(test: readonly Clip[]): readonly Clip[] {
  const seen = test.filter((clip) => located(clip) > 0)
  const complete = seen.filter((clip) => located(clip) >= COMPLETE)
  return [complete.filter((clip) => phasesOf(clip) !== null), complete, seen].find(areSeveral) ?? []
}

function areSeveral(clips: readonly Clip[]): boolean {
  return new Set(clips.map(({ group }) => group)).size > 1
}

/** Share of joint entries of the first person that have a place. */
function located({ keypoints, joints, persons, frames, dims }: Clip): number {
  let count = 0
  for (let t = 0; t < frames; t++) {
    for (let joint = 0; joint < joints; joint++) if (!Number.isNaN(keypoints![(t * persons * joints + joint) * (dims + 1)]!)) count++
  }
  return count / (frames * joints)
}
