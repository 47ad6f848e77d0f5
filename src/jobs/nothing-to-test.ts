import type { DatasetEntry } from '../catalog.ts'
import type { Clip } from '../clip.ts'
import { ToolkitError, unknownName } from '../errors.ts'
import { fewNames } from '../few-names.ts'

/** Why a test side, whose clips with joints are `clips`, has none to measure: E_ACTION_UNKNOWN for an action that neither it nor the catalog has, otherwise E_NOTHING_TO_TEST; both say what it has. */
export function nothingToTest({ entry, split, action }: { entry: DatasetEntry; split: string; action: string | null }, clips: readonly Clip[]): ToolkitError {
  const actions = [...new Set(clips.flatMap(({ labels }) => labels.action ?? []))].sort()
  if (action !== null && !actions.includes(action) && !entry.actions.includes(action)) return unknownName('E_ACTION_UNKNOWN', `action on the test side of split "${split}"`, action, actions)
  const which = action === null ? '' : ` of ${action}`
  const hint = clips.length === 0 ? `posetta split ${entry.name} makes splits of what the store holds now, --list names their kinds`
    : actions.includes(action ?? '') || action === null ? `its ${clips.length} clips have other joints than the model of the run takes` : `it has clips of ${fewNames(actions, 20)}`
  return new ToolkitError('E_NOTHING_TO_TEST', `the test side of split "${split}" has no clip with joints${which}`, { hint })
}
