import { fewNames } from '../few-names.ts'
import { drawnText } from '../jobs/preview-page.ts'
import type { Replay } from '../jobs/replay.ts'
import { textTable } from './text-table.ts'

/** What a step was: losses, a row per view, what was drawn, where its clips come from, what was fed. */
export function replayText({ run, step, epoch, logged, samples, clips, fed, output, check }: Replay): string {
  const rows = samples.flatMap(({ sample, window, insteadOf, views }) => views.map(({ clip, frames, time }, view) => [
    sample, view, `${clip}${insteadOf === null ? '' : ` (in place of ${insteadOf})`}`, window === null ? 'whole' : `${window.start} to ${window.end}${window.step === 1 ? '' : ` by ${window.step}`}`, frames, framesText(time)]))
  return [
    `step ${step} of run ${run}, epoch ${epoch}: ${logged === null ? 'not in the log' : `loss ${logged.loss}, gradient ${logged.gradientNorm}, rate ${logged.rate}`}`,
    '', textTable(['sample', 'view', 'clip', 'window', 'frames', 'of the clip'], rows), '',
    ...samples.flatMap(({ sample, views }) => views.flatMap(({ drawn }, view) => (drawn.length === 0 ? [] : [`sample ${sample}, view ${view} drew ${drawnText(drawn)}`]))), '',
    ...clips.map(({ clip, hash, raw }) => `${clip}, hash ${hash.slice(0, 12)}: ${fewNames(raw.map(({ path, bytes, sha256, state }) => `${path} (${bytes} bytes, sha256 ${sha256.slice(0, 12)}${state === 'not looked at' ? '' : `, ${state}`})`)) || 'no raw file is known'}`),
    `fed: ${fed.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')}`,
    ...(output === null ? [] : [`written to ${output}`]), ...checkText({ run, step, check }),
  ].join('\n').replaceAll('\n\n\n', '\n\n')
}

/** `3 to 17`, or the frames one by one where they are few. */
function framesText(time: readonly number[]): string {
  const rounded = time.map((frame) => Number(frame.toFixed(2)))
  return rounded.length <= 6 ? rounded.join(', ') : `${rounded.slice(0, 3).join(', ')}, ..., ${rounded.at(-1)}`
}

function checkText({ run, step, check }: Pick<Replay, 'run' | 'step' | 'check'>): string[] {
  if (check === null) return [`posetta replay ${run} ${step} --check computes the loss again`]
  const { from, loss, gradientNorm, same, reasons, ended } = check
  const since = from === 0 ? 'from the start of the run' : `from the checkpoint after step ${from}`
  if (ended !== null) return [`computed again ${since}: ${ended}`]
  const verdict = same === null ? '' : same ? (reasons.length === 0 ? ', the same bit for bit' : ', the same within the tolerance') : ', which is NOT what was logged'
  return [`computed again ${since}: loss ${loss}, gradient ${gradientNorm}${verdict}`, ...reasons.map((reason) => `numbers may differ by a tolerance (docs/lineage.md): ${reason}`)]
}
