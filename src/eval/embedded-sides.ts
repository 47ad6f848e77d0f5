import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import { type Card, cardView } from './cut-card.ts'
import { embed, type Embedded, type Labelled } from './measured.ts'
import { phasesOf } from './phases.ts'

/** What one encoder made of the clips of one action, one card: embedded at most once, when first asked for. */
export type EmbeddedSides = {
  readonly test: (card: Card) => Promise<readonly Embedded[]>
  readonly labelledTrain: (card: Card) => Promise<readonly Labelled[]>
  readonly labelledTest: (card: Card) => Promise<readonly Labelled[]>
}

/** Embeds on demand and keeps what it made. */
export function embeddedSides(encoder: Encoder, { train, test, seed }: { train: readonly Clip[]; test: readonly Clip[]; seed: number }): EmbeddedSides {
  const kept = new Map<string, Promise<readonly (Embedded & { readonly time: Float32Array })[]>>()
  // what has no phases teaches nothing
  const phased = train.filter((clip) => phasesOf(clip) !== null)
  const side = (name: 'train' | 'test', card: Card) => {
    const key = `${name} ${card}`
    const found = kept.get(key) ?? embedCard(encoder, name === 'train' ? phased : test, card, seed)
    kept.set(key, found)
    return found
  }
  return {
    test: (card) => side('test', card),
    labelledTrain: async (card) => labelled(await side('train', card), phased),
    labelledTest: async (card) => labelled(await side('test', card), test),
  }
}

/** Views embedded in one go; `clip` is the view under its clip's name, recording and labels. */
async function embedCard(encoder: Encoder, clips: readonly Clip[], card: Card, seed: number) {
  const views = clips.map((clip) => cardView(clip, card, seed))
  const embeddings = await embed(encoder, views.map(({ clip }) => clip))
  return clips.map((clip, index) => ({
    clip: { ...views[index]!.clip, id: clip.id, group: clip.group, labels: { ...clip.labels, phases: null } }, embedding: embeddings[index]!,
    time: views[index]!.time,
  }))
}

/** The clips that have phases; those of a cut are looked up in the whole clip, never derived from the piece. */
function labelled(embedded: readonly (Embedded & { readonly time: Float32Array })[], clips: readonly Clip[]): Labelled[] {
  return embedded.flatMap(({ time, ...item }, index) => {
    const found = phasesOf(clips[index]!)
    return found === null ? [] : [{ ...item, phases: Uint8Array.from(time, (t) => found.phases[t]!) }]
  })
}
