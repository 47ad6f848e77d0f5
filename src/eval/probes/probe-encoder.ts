import type { Clip } from '../../clip.ts'
import type { Encoder } from '../../encoder.ts'
import { type Random, randomAt } from '../../random.ts'
import { selectFrames, subset } from '../../transforms/index.ts'
import { embed } from '../measured.ts'
import { bare } from '../views.ts'
import { type Following, followingOf } from './following.ts'
import { type ProbeName, probeOrder } from './orders.ts'
import { type Findings, type Verdict, verdictOf, warningOf } from './verdict.ts'
import { answerSpread, variationOf } from './variation.ts'

/** What an encoder is, and the findings that say so, on `clips` clips. */
export type Probed = Findings & { readonly encoder: string; readonly verdict: Verdict | null; readonly warning: string | null; readonly clips: number }

/** Most clips that are probed, of how many actions at most: five embeddings each, four where they were embedded whole before. */
const [CLIPS, ACTIONS] = [16, 4]

/**
 * Whether an encoder goes with what frames hold or only with where they stand, and whether its embeddings vary at all: shows it a few clips, drawn by the seed,
 * whole, shuffled, backwards, later and still. Needs no labels. Definitions and thresholds: docs/metrics.md.
 */
export async function probeEncoder(encoder: Encoder, given: readonly Clip[], { seed }: { seed: number }): Promise<Probed> {
  const drawn = draw(given, seed)
  const whole = await embed(encoder, drawn.map((clip) => bare(clip).clip))
  const follow = async (name: ProbeName): Promise<Following> => {
    const orders = drawn.map((clip) => probeOrder(name, clip.frames, randomAt({ seed, clip: clip.id, transform: `probe-${name}` })))
    const shown = await embed(encoder, drawn.map((clip, at) => bare(selectFrames(clip, orders[at]!)).clip))
    return followingOf(orders.map((order, at) => ({ order, whole: whole[at]!, shown: shown[at]! })))
  }
  const findings: Findings = {
    offset: await follow('offset'), shuffle: await follow('shuffle'), reverse: await follow('reverse'), still: await follow('still'),
    spread: answerSpread(drawn.map((clip, at) => ({ clip, embedding: whole[at]! }))), ...variationOf(whole),
  }
  const verdict = verdictOf(findings)
  return { encoder: encoder.name, verdict, warning: warningOf(verdict), clips: drawn.length, ...findings }
}

/** Evenly of a few actions, so that there are pairs of one action. */
function draw(clips: readonly Clip[], seed: number): Clip[] {
  const actions = [...new Set(clips.map(({ labels }) => labels.action))]
  const some = few(actions, ACTIONS, randomAt({ seed, transform: 'probe-actions' }))
  return some.flatMap((action) =>
    few(clips.filter(({ labels }) => labels.action === action), CLIPS / some.length, randomAt({ seed, transform: 'probe-clips', clip: action ?? 'none' })))
}

function few<T>(all: readonly T[], most: number, random: Random): T[] {
  return subset(all.length, Math.min(Math.floor(most), all.length), random).map((at) => all[at]!)
}
