import type { TrainEvent } from '../jobs/run-training.ts'

type Took = Extract<TrainEvent, { kind: 'step' }>['took']

/** How quickly a training goes, in words. */
export type Pace = { add(took: Took): void; text(left: number): string }

/** Steps that the rate is taken over. */
const RECENT = 50

/** Samples a second and the share of waiting over the last steps; the time that the `left` steps will take, from all that went by since the first one, validations included. `now` in milliseconds. */
export function paceOf(now: () => number): Pace {
  const recent: Took[] = []
  let [steps, begun] = [0, 0]
  return {
    add: (took) => {
      if (steps++ === 0) begun = now() - 1000 * took.seconds
      recent.push(took)
      if (recent.length > RECENT) recent.shift()
    },
    text: (left) => {
      const [seconds, waited, samples] = (['seconds', 'waitSeconds', 'samples'] as const).map((part) => recent.reduce((sum, took) => sum + took[part], 0)) as [number, number, number]
      if (seconds <= 0) return ''
      const rest = (left * (now() - begun)) / steps / 1000
      return `${Number((samples / seconds).toPrecision(3))} samples/s, ${Math.round((100 * waited) / seconds)} % of it waiting for data, ${durationText(rest)} left`
    },
  }
}

/** 75 = `1 min 15 s`. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
