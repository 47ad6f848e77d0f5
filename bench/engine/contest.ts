import { execFileSync, spawn } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { createInterface } from 'node:readline'

/** Milliseconds of one step; `cpu` is that of all threads together, and tells more where other work shares the cores. */
type Cost = { readonly wall: number; readonly cpu: number }

/** A process that makes training steps when asked. It says {title} when it is ready, answers `step` with {wall, cpu, loss}, `peak` with {peakMb} and ends with its input. */
export type Contender = {
  readonly title: string
  step(): Promise<Cost & { readonly loss: number }>
  peakMb(): Promise<number>
  close(): void
}

export type Result = { readonly title: string; readonly costs: readonly Cost[]; readonly losses: readonly number[]; readonly peakMb: number }

export async function startContender(command: string, line: readonly string[]): Promise<Contender> {
  const child = spawn(command, line, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async <Answer>(question?: string): Promise<Answer> => {
    if (question !== undefined) child.stdin.write(`${question}\n`)
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`${command} ${line[0]} ended`)
    return JSON.parse(value) as Answer
  }
  const { title } = await answer<{ title: string }>()
  return {
    title,
    step: () => answer('step'),
    peakMb: async () => (await answer<{ peakMb: number }>('peak')).peakMb,
    close: () => child.stdin.end(),
  }
}

/** One step each, in turn, `warmups` times unmeasured (who compiles or allocates does it then) and `rounds` times measured. Closes the contenders. */
export async function contest(contenders: readonly Contender[], { warmups, rounds }: { warmups: number; rounds: number }): Promise<Result[]> {
  const costs = contenders.map((): Cost[] => [])
  const losses = contenders.map((): number[] => [])
  for (let round = -warmups; round < rounds; round++) for (const [i, contender] of contenders.entries()) {
    const { loss, ...cost } = await contender.step()
    losses[i]!.push(loss)
    if (round >= 0) costs[i]!.push(cost)
  }
  const results = []
  for (const [i, contender] of contenders.entries()) results.push({ title: contender.title, costs: costs[i]!, losses: losses[i]!, peakMb: await contender.peakMb() })
  for (const { close } of contenders) close()
  return results
}

/** Throws when a contender's first losses leave those of the first one by more than `tolerance` of them: then they did not do the same work. Later ones drift apart by rounding. */
export function checkSameLosses([first, ...others]: readonly Result[], tolerance: number, steps = Infinity): void {
  for (const { title, losses } of others) {
    const off = losses.slice(0, steps).findIndex((loss, i) => !(Math.abs(loss - first!.losses[i]!) <= tolerance * Math.abs(first!.losses[i]!)))
    if (off !== -1) throw new Error(`${title} has loss ${losses[off]} at step ${off + 1}, ${first!.title} ${first!.losses[off]}`)
  }
}

/** A line each: median and range, peak memory, and the first one's cost over it. */
export function table(results: readonly Result[]): string {
  const spread = (values: readonly number[]): string => `${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)}-${Math.max(...values).toFixed(1)})`
  return results.map(({ title, costs, peakMb }) => {
    const of = (what: keyof Cost): string => {
      const [ours, values] = [results[0]!.costs, costs].map((all) => all.map((cost) => cost[what])) as [number[], number[]]
      return `${what} ${spread(values)} ms, ratio ${(median(ours) / median(values)).toFixed(2)}, of least ${(Math.min(...ours) / Math.min(...values)).toFixed(2)}`
    }
    return `${title.padEnd(44)} ${of('wall')}   ${of('cpu')}   peak ${peakMb.toFixed(0)} MB`
  }).join('\n')
}

/** What the figures were taken on; COMMIT where there is no git. */
export function machine(): string {
  const commit = process.env['COMMIT'] ?? execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  return `${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit}, load ${loadavg()[0]!.toFixed(1)}`
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
