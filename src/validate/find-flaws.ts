import type { DatasetEntry } from '../catalog.ts'
import type { Clip } from '../clip.ts'
import type { Skeleton } from '../skeleton.ts'
import { bodiesOf } from './body.ts'
import type { Check, Subject } from './check.ts'
import type { Finding } from './finding.ts'

/** What is known beside the clip; `pictures` = how many its film has, null = the store keeps none. */
type Known = { readonly entry: DatasetEntry; readonly skeleton: Skeleton | null; readonly pictures: number | null }

/** What the checks find in a clip, check after check. */
export function findFlaws(clip: Clip, checks: readonly Check[], { entry, skeleton, pictures }: Known): Finding[] {
  const bodies = skeleton === null ? [] : bodiesOf(clip, skeleton)
  const subject: Subject = { clip, pictures, bodies, phases: entry.phases.find(({ action }) => action === clip.labels.action) ?? null }
  return checks.flatMap(({ code, severity, ...check }) =>
    (check.about === 'clip' ? check.find(subject).map((flaw) => ({ dataset: clip.dataset, code, severity, clip: clip.id, ...flaw })) : []))
}

/** What the checks find in a skeleton. */
export function findSkeletonFlaws(dataset: string, skeleton: Skeleton, checks: readonly Check[]): Finding[] {
  return checks.flatMap(({ code, severity, ...check }) =>
    (check.about === 'skeleton' ? check.find(skeleton).map((flaw) => ({ dataset, code, severity, clip: null, ...flaw })) : []))
}
