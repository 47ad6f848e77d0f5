import type { ClipTable, LabelName } from '../../../src/loader/clip-source.ts'

export type TestClip = { readonly id: string; readonly frames: number; readonly labels: Partial<Record<LabelName, string | null>> }

/** A table of clips that are labels and lengths only. */
export function tableOf(clips: readonly TestClip[]): ClipTable {
  return {
    count: clips.length,
    id: (row) => clips[row]!.id,
    frames: Int32Array.from(clips, ({ frames }) => frames),
    label(name) {
      const names = [...new Set(clips.map(({ labels }) => labels[name] ?? null).filter((value) => value !== null))].sort()
      return { names, codes: Int32Array.from(clips, ({ labels }) => names.indexOf(labels[name] ?? '')) }
    },
  }
}

/** Clips of the actions, one after the other, each of a group of its own: `clips('squat', 'jump', 'squat')`. */
export function clipsOf(...actions: readonly (string | null)[]): TestClip[] {
  return actions.map((action, row) => ({ id: `c/${String(row).padStart(2, '0')}`, frames: 10 + ((7 * row) % 12), labels: { action, group: `g${row}` } }))
}

/** The example of docs/loader-order.md: 6 squats, 4 jumps, 2 bows by three people. */
export const twelve: readonly TestClip[] = clipsOf('squat', 'squat', 'jump', 'squat', 'bow', 'jump', 'squat', 'jump', 'squat', 'bow', 'jump', 'squat')
  .map((clip, row) => ({ ...clip, labels: { ...clip.labels, group: 'abc'[row % 3]! } }))
