import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What sha256 says of everything that was produced: in order, and summed over samples, which no order changes. */
export type Fingerprint = { readonly hash: string; readonly sum: string; readonly samples: number }

/** Who does the work, ours or a rival: a process that waits between passes. */
export type Contender = {
  readonly title: string
  /** Follows the order it is given; else only the sum is compared. */
  readonly ordered: boolean
  fingerprint(): Promise<Fingerprint>
  /** Seconds for all samples, `times` times over. */
  pass(times: number): Promise<number>
  close(): Promise<void>
}

/** Starts one that speaks lines of JSON: bench/loader/ours.js, bench/peers/loader_peers.py. Throws with its last word when it cannot be started. */
export async function startContender(name: string, command: string, line: readonly string[]): Promise<Contender> {
  const child = spawn(command, line, { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (text: Buffer) => { complaint = (complaint + text.toString()).slice(-2000) })
  child.on('error', (error) => { complaint = error.message })
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (question: string): Promise<Record<string, unknown>> => {
    if (question !== '') child.stdin.write(`${question}\n`)
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`${name} ended: ${complaint.trim().split('\n').at(-1) ?? 'without a word'}`)
    return JSON.parse(value) as Record<string, unknown>
  }
  const ready = await answer('')
  return {
    title: `${name}: ${String(ready['version'])}, ${String(ready['settings'])}`, ordered: ready['ordered'] === true,
    fingerprint: async () => await answer('hash') as Fingerprint,
    pass: async (times) => Number((await answer(`pass ${times}`))['seconds']),
    close: async () => { child.stdin.end() },
  }
}
