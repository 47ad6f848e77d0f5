import { spawnSync } from 'node:child_process'
import { Console } from 'node:console'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { main } from '../../src/cli/main.ts'
import { root } from '../sources.ts'

/** What a command line left: its exit code and what it wrote; `json` = the document on stdout. */
export type Answer = { readonly status: number | null; readonly stdout: string; readonly stderr: string; readonly json: Record<string, unknown> }

/** bin/run.js on dist/, as `npm test` has built them. */
export const bin: string = join(root, 'bin/run.js')

/** Runs a command line in a folder, in a process of its own. */
export function posettaIn(folder: string, ...args: string[]): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', cwd: folder, env: { ...process.env, NO_COLOR: '1' } })
  return answerOf(status, stdout, stderr)
}

/** The same in this process, which loads the commands once: a fraction of the time. One at a time; how a process starts, ends and takes signals is for `posettaIn`. */
export async function posettaHere(folder: string, ...args: string[]): Promise<Answer> {
  const { main: runMain } = await import(/* @vite-ignore */ pathToFileURL(join(root, 'dist/cli/main.js')).href) as { readonly main: typeof main }
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)]
  const giveBack = [stdout.giveBack, stderr.giveBack, lendProcess(folder)]
  try {
    await runMain(args, pathToFileURL(bin).href)
    return answerOf(Number(process.exitCode), stdout.text(), stderr.text())
  } finally {
    for (const give of giveBack) give()
  }
}

function answerOf(status: number | null, stdout: string, stderr: string): Answer {
  return { status, stdout, stderr, get json() { return JSON.parse(stdout) as Record<string, unknown> } }
}

/** Gives a command the folder, exit code, environment and console of a fresh process; returns what puts vitest's back. */
function lendProcess(folder: string): () => void {
  const [cwd, { console }, { NODE_ENV }] = [process.cwd(), globalThis, process.env]
  const keepers = [keepListeners(process, 'SIGINT'), keepListeners(process, 'SIGTERM'), keepListeners(process.stdout, 'drain')]
  process.chdir(folder)
  process.exitCode = 0
  process.env['NODE_ENV'] = 'production' // else oclif warns, as it does its developers
  globalThis.console = new Console(process.stdout, process.stderr)
  return () => {
    process.chdir(cwd)
    process.exitCode = undefined
    process.env['NODE_ENV'] = NODE_ENV
    globalThis.console = console
    for (const keep of keepers) keep()
  }
}

function keepListeners(emitter: NodeJS.EventEmitter, event: string): () => void {
  const before = emitter.listeners(event)
  return () => {
    for (const added of emitter.listeners(event)) if (!before.includes(added)) emitter.off(event, added as () => void)
  }
}

/** Keeps what is written to a stream from it. */
function capture(stream: NodeJS.WriteStream): { readonly text: () => string; readonly giveBack: () => void } {
  const [write, chunks]: [typeof stream.write, Uint8Array[]] = [stream.write, []]
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    chunks.push(Buffer.from(chunk as Uint8Array))
    const done = rest.at(-1)
    if (typeof done === 'function') (done as () => void)()
    return true
  }
  return { text: () => Buffer.concat(chunks).toString(), giveBack: () => { stream.write = write } }
}
