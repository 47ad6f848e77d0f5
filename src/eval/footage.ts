import type { Clip, Footage } from '../clip.ts'

/** A clip that leads to its pictures whatever becomes of its name, its frame and its time. */
export function filmed(clip: Clip): Clip & { readonly footage: Footage } {
  const { dataset, id, width, height } = clip
  return { ...clip, footage: clip.footage ?? { dataset, id, width, height, moments: null } }
}

/** A clip whose frames are counted from 0, as if it had been recorded so: nothing but its pictures leads back. */
export function recounted(clip: Clip): Clip {
  const { footage } = filmed(clip)
  return { ...clip, time: Float32Array.from({ length: clip.frames }, (_, frame) => frame), footage: { ...footage, moments: momentsOf(clip) } }
}

/** [T] the moment of the recording that each frame shows, in original frame indices; between two that are counted, on the line. */
export function momentsOf({ time, footage }: Clip): Float32Array {
  const moments = footage?.moments ?? null
  return moments === null ? time : time.map((at) => {
    const [before, share] = [moments[Math.floor(at)]!, at - Math.floor(at)]
    return share === 0 ? before : before + share * (moments[Math.floor(at) + 1]! - before)
  })
}
