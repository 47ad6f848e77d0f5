import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Contender, Fingerprint } from './contender.ts'

/** A rival of bench/peers/loader_peers.py as a process that waits between passes; null, with a word on stderr, when it cannot be started. */
export async function startRival(python: string, { folder, kind, name, workers = 0 }: { folder: string; kind: string; name: string; workers?: number }): Promise<Contender | null> {
  const child = spawn(python, ['bench/peers/loader_peers.py', folder, kind, name, String(workers)], { stdio: ['pipe', 'pipe', 'pipe'] })
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
  try {
    const ready = await answer('')
    return {
      title: `${name}: ${String(ready['version'])}, ${String(ready['settings'])}`, ordered: ready['ordered'] === true,
      fingerprint: async () => await answer('hash') as Fingerprint,
      pass: async (times) => Number((await answer(`pass ${times}`))['seconds']),
      close: async () => { child.stdin.end() },
    }
  } catch (error) {
    console.error((error as Error).message)
    return null
  }
}
