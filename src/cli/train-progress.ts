import type { TrainEvent } from '../jobs/run-training.ts'
import { paceOf } from './pace.ts'
import { progressLine } from './progress.ts'

/** Shows a training as it goes: what began, step and loss, how quickly, each validation, and that `signal` was heard; on stderr. */
export function trainProgress(signal: AbortSignal): { onEvent(event: TrainEvent): void; end(): void } {
  const line = progressLine()
  const pace = paceOf(Date.now)
  let validated = ''
  signal.addEventListener('abort', () => {
    line.end()
    process.stderr.write('stopping after the step at hand; a second signal ends at once\n')
  }, { once: true })
  return {
    onEvent: (event) => {
      switch (event.kind) {
        case 'start': return void process.stderr.write(`run ${event.record.run}: ${event.record.clips.train} clips to train on, ${event.record.clips.validation} to validate on, ${event.parameters} parameters, ${event.steps} steps${event.left.map(({ clips, why }) => `, ${clips} left out by the plan: they ${why}`).join('')}${event.from > 0 ? `, from step ${event.from}` : ''}\n`)
        case 'step': {
          pace.add(event.took)
          return line.update(`step ${event.step.step} of ${event.steps}, loss ${event.step.loss.toFixed(4)}${event.step.gradientNorm === null ? ' (update skipped)' : ''}${validated}, ${pace.text(event.steps - event.step.step)}`)
        }
        case 'bad': return void process.stderr.write(`${event.bad.clip}: ${event.bad.code}: ${event.bad.message}\n`)
        case 'validation': validated = `, validation ${event.value.toFixed(3)} after epoch ${event.epoch}${event.best ? ' (best)' : ''}`
      }
    },
    end: () => line.end(),
  }
}
