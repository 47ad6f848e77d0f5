import { Command, Flags } from '@oclif/core'
import { delimiter } from 'node:path'
import { unknownName } from '../errors.ts'
import { shellWord } from '../shell-word.ts'
import { endBySignal } from './end-by-signal.ts'
import { failureOf, Interrupted } from './failure.ts'
import { printFailure } from './main.ts'

/** What a command found: a document for scripts, a text for people, and whether something was found (1) or lost (3). */
export type Outcome = { readonly document: object; readonly text: string; readonly exit?: 0 | 1 | 3 }

/** The flags and manners all commands share. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true
  static override baseFlags = {
    store: Flags.string({ default: 'store', env: 'POSETTA_STORE', description: 'folder of the store', helpGroup: 'GLOBAL' }),
    runs: Flags.string({ default: 'runs', env: 'POSETTA_RUNS', description: 'folder of the runs', helpGroup: 'GLOBAL' }),
    catalog: Flags.string({
      multiple: true, multipleNonGreedy: true, default: async () => process.env['POSETTA_CATALOG']?.split(delimiter) ?? [], defaultHelp: async () => 'POSETTA_CATALOG',
      description: 'a catalog file of your own, beside the built-in one', helpGroup: 'GLOBAL' }),
  }

  #interrupted: AbortController | null = null

  /** Does the work by one call of a room. */
  protected abstract work(): Promise<Outcome>

  async run(): Promise<object> {
    process.on('SIGINT', this.#stop).on('SIGTERM', this.#stop)
    const { document, text, exit = 0 } = await this.work()
    if (this.jsonEnabled()) process.stderr.write(text === '' ? '' : `${text}\n`)
    else process.stdout.write(text === '' ? '' : `${text}\n`)
    process.exitCode = exit
    return { ok: true, ...document }
  }

  override logJson(document: unknown): void {
    process.stdout.write(`${JSON.stringify(document)}\n`)
  }

  protected override async catch(error: Error): Promise<void> {
    printFailure(failureOf(this.#named(error)), this.jsonEnabled() ? ['--json'] : [])
  }

  /** What the same command is given to go on after an interruption: unless said, what it was given. */
  protected resumeArguments(): readonly string[] {
    return this.argv
  }

  /** Takes away what an end at once would leave half written. */
  protected clear(): void {}

  /** Aborted by Ctrl-C or SIGTERM; then the work should end by itself. Without it, and for a second signal, the process ends at once. */
  protected interruptible(): AbortSignal {
    this.#interrupted = new AbortController()
    return this.#interrupted.signal
  }

  #stop = (signal: 'SIGINT' | 'SIGTERM'): void => {
    const interrupted = new Interrupted(() => ['go on with: posetta', ...(this.id ?? '').split(':'), ...this.resumeArguments().map(shellWord)].join(' '))
    if (this.#interrupted !== null && !this.#interrupted.signal.aborted) return this.#interrupted.abort(interrupted)
    printFailure(failureOf(interrupted), this.jsonEnabled() ? ['--json'] : [])
    if (this.#interrupted === null) process.exit(130)
    this.clear()
    endBySignal(signal)
  }

  /** A flag nobody knows, answered with the nearest one. */
  #named(error: Error): Error {
    if (!('flags' in error) || !Array.isArray(error.flags) || !error.message.startsWith('Nonexistent flag')) return error
    const known = Object.keys((this.constructor as typeof BaseCommand).flags ?? {}).concat(Object.keys(BaseCommand.baseFlags), 'json', 'help')
    return unknownName('E_USAGE', `flag of ${this.id}`, String(error.flags[0]), known.map((flag) => `--${flag}`))
  }
}
