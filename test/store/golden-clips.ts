import type { Quarantined } from '../../src/clip.ts'
import { makeClip, spatial } from './clips.ts'

/** What every golden store holds; its first commit lacks the third clip and the quarantine. */
export const goldenClips = [makeClip('tiny/a', { frames: 4, persons: 2 }), spatial('tiny/b'), makeClip('tiny/ü', { keypoints: null, states: null, raw: null, skeleton: null, joints: 0, persons: 0 })]

export const goldenQuarantine: readonly Quarantined[] = [{ source: 'labels/c.mat', code: 'E_MAT', message: 'cut short', offset: 128, sha256: null, readmit: 'mend it' }]
