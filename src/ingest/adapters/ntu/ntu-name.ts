import type { ClipLabels } from '../../../clip.ts'
import type { Side } from '../../../split.ts'

/** What the name of a sequence says: setup, camera, performer, replication and action, each from 1. */
export type NtuName = {
  readonly setup: number
  readonly camera: number
  readonly subject: number
  readonly replication: number
  readonly action: number
}

/** The parts of `S001C002P003R002A013`; null = it is not named so. */
export function parseNtuName(name: string): NtuName | null {
  const parts = /^S(\d{3})C(\d{3})P(\d{3})R(\d{3})A(\d{3})$/.exec(name)?.slice(1).map(Number)
  if (parts === undefined) return null
  const [setup, camera, subject, replication, action] = parts as [number, number, number, number, number]
  return { setup, camera, subject, replication, action }
}

/** What a sequence's name says about where it was filmed, as labels of a clip. */
export function ntuPlace({ setup, camera, subject, replication }: NtuName): Pick<ClipLabels, 'view' | 'subject' | 'scene' | 'camera'> {
  return { view: numbered('R', replication), subject: numbered('P', subject), scene: numbered('S', setup), camera: numbered('C', camera) }
}

/** The recording that a sequence belongs to: its id without the camera. */
export function ntuGroup(id: string): string {
  return id.replace(/C\d{3}(?=[^/]*$)/, '')
}

/** As in the names: `A007`. */
export function numbered(letter: string, number: number): string {
  return `${letter}${String(number).padStart(3, '0')}`
}

/** NTU RGB+D 60 ends here: later setups came with 120. */
const LAST_SETUP_OF_60 = 17

/** Training subjects of NTU RGB+D 120; those up to 40 are the ones of NTU RGB+D 60. Both papers' cross-subject protocols. */
const trainingSubjects = new Set([1, 2, 4, 5, 8, 9, 13, 14, 15, 16, 17, 18, 19, 25, 27, 28, 31, 34, 35, 38, 45, 46, 47, 49, 50, 52, 53, 54, 55, 56, 57, 58, 59,
  70, 74, 78, 80, 81, 82, 83, 84, 85, 86, 89, 91, 92, 93, 94, 95, 97, 98, 100, 103])

/** Sides in the published protocols: `xsub` by subject, `xview` by camera (1 is tested; NTU RGB+D 60 alone has it), `xset` by setup (even ones train). */
export function ntuSides({ setup, camera, subject }: NtuName): Record<string, Side> {
  const side = (isTraining: boolean): Side => (isTraining ? 'train' : 'test')
  return {
    xsub: side(trainingSubjects.has(subject)),
    ...(setup <= LAST_SETUP_OF_60 ? { xview: side(camera !== 1) } : {}),
    xset: side(setup % 2 === 0),
  }
}
