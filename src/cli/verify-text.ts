import { fewNames } from '../few-names.ts'
import type { Problem } from '../store/index.ts'

/** What `verify` found, a line for each problem. */
export function verifyText(problems: readonly (Problem & { readonly dataset: string })[], checked: number): string {
  const lines = problems.map(({ dataset, file, code, message, clips }) => `${dataset}/${file}: ${code}: ${message}${clipsText(clips)}`)
  return [...lines, `${checked} files checked, ${problems.length === 0 ? 'all as written' : `${problems.length} problem${problems.length === 1 ? '' : 's'}`}`].join('\n')
}

function clipsText(clips: readonly string[] | undefined): string {
  if (clips === undefined) return ''
  return clips.length === 0 ? ' (no clip is affected)' : ` (${clips.length} ${clips.length === 1 ? 'clip' : 'clips'}: ${fewNames(clips)})`
}
