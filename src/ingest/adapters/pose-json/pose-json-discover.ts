import { posix } from 'node:path'
import type { PoseJsonLayout } from '../../../catalog-layout.ts'
import type { DatasetEntry } from '../../../catalog.ts'
import { ToolkitError } from '../../../errors.ts'
import type { AdapterContext, Plan, PlanItem } from '../../adapter.ts'
import { slashed } from '../../raw-folder.ts'
import { findNamedFiles } from '../table/table-files.ts'
import { ownPlan, type OwnFacts } from '../table/table-plan.ts'

/** What is known of a clip by names: its files, by folder. */
export type PoseFacts = OwnFacts & { readonly folders: readonly { readonly folder: string; readonly names: readonly string[] }[] }

/** The catalog's layout of an entry of this adapter. Throws E_CATALOG_LAYOUT. */
export function poseLayout({ name, layout }: DatasetEntry): PoseJsonLayout {
  if (layout?.kind === 'pose-json') return layout
  const has = layout === null ? 'no layout' : `a layout of kind ${layout.kind}`
  throw new ToolkitError('E_CATALOG_LAYOUT', `data set "${name}" has the adapter pose-json, and ${has}`, {
    hint: 'layout: { kind: pose-json, format: openpose, files: "json/{clip}/*.json" } (docs/own-data.md)' })
}

/** Which clips there are, and which files are theirs: by names alone. */
export async function discoverPoses({ entry, raw }: Omit<AdapterContext, 'scratch'>): Promise<Plan<PoseFacts>> {
  const { files: pattern } = poseLayout(entry)
  const { files, ignored } = findNamedFiles(raw, pattern)
  if (files.length === 0) throw new ToolkitError('E_RAW_EMPTY', `no file matches ${pattern} in ${raw.dir}`, { hint: 'layout.files is relative to RAW_DIR' })
  const clips = new Map<string, Pick<PoseFacts, 'named'> & { readonly folders: Map<string, string[]> }>()
  const clipsIn = new Map<string, Set<string>>()
  for (const { path, clip, values } of files) {
    const { folders, named } = clips.get(clip!) ?? { folders: new Map<string, string[]>(), named: values.map(([key, value]) => ({ key, value, path })) }
    const others = values.filter(([key, value]) => !named.some((said) => said.key === key && said.value === value))
    clips.set(clip!, { folders, named: [...named, ...others.map(([key, value]) => ({ key, value, path }))] })
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    clipsIn.set(folder, (clipsIn.get(folder) ?? new Set<string>()).add(clip!))
    if (!folders.has(folder)) folders.set(folder, [])
    folders.get(folder)!.push(posix.basename(path))
  }
  const items = [...clips].map(([clip, { folders: names, named }]): Omit<PlanItem<PoseFacts>, 'id'> => {
    const folders = [...names].map(([folder, names]) => ({ folder, names }))
    // a folder of one clip stands for its files; in one of several, each file for itself
    const inputs = folders.flatMap(({ folder, names }) => (clipsIn.get(folder)!.size === 1 ? [folder] : names.map((name) => slashed(folder, name))))
    return { path: slashed(folders[0]!.folder, folders[0]!.names[0]!), inputs, facts: { clip, named, labels: [], segments: [], folders } }
  })
  return ownPlan({ entry, raw }, { items, quarantined: [], ignored: [...ignored] })
}
