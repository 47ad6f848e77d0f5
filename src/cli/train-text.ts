import { fewNames } from '../few-names.ts'
import type { TrainResult } from '../jobs/train.ts'
import { nextCommand } from './next-command.ts'

/** A training that ended, for people. */
export function trainText({ run, steps, loss, seconds, best, clips, stopped, replaced, weights, skipped }: TrainResult, place: Parameters<typeof nextCommand>[1]): string {
  return [
    `run ${run}: ${steps} steps on ${clips.train} clips in ${seconds.toFixed(0)} s, loss ${loss[0]?.toFixed(3)} -> ${loss.at(-1)?.toFixed(3)}`,
    ...(clips.leftOut === 0 ? [] : [`${clips.leftOut} clips left out: joints that the model does not take, or the catalog's rule for training`]),
    ...(replaced.length === 0 ? [] : [`${replaced.length} clips could not be read, others were trained on in their place: ${fewNames(replaced.map(({ clip, code }) => `${clip} (${code})`))}`]),
    ...(best === null ? [] : [`best on the ${clips.validation} validation clips: ${best.value.toFixed(3)} re-cut cycle skill after epoch ${best.epoch}; its ${weights.of === 'average' ? 'moving average is' : 'parameters are'} kept`]),
    ...(stopped === null ? [] : [stopped]),
    ...(weights.of === 'parameters' ? [] : ['eval and exports use the moving average of the parameters']),
    ...(skipped === 0 ? [] : [`${skipped} of ${steps} updates were skipped by the loss scale: gradients overflowed`]),
    nextCommand(['eval', run], place),
  ].join('\n')
}
