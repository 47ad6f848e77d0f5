import { Config, Errors, flush, run } from '@oclif/core'
import { unknownName } from '../errors.ts'
import { type Failure, failureDocument, failureOf, failureText } from './failure.ts'

/** Runs a command line. Every way to end leaves one JSON document on stdout under --json, and the exit code of the contract. */
export async function main(argv: string[], root: string): Promise<void> {
  try {
    const config = await Config.load(root)
    checkCommand(argv, config)
    await run(argv, config)
    await flush()
  } catch (error) {
    if (error instanceof Errors.ExitError) process.exitCode = error.oclif.exit ?? 0
    else printFailure(failureOf(error), argv)
  }
}

/** The error on stderr, or as the document on stdout. */
export function printFailure(failure: Failure, argv: readonly string[]): void {
  if (argv.includes('--json')) process.stdout.write(`${JSON.stringify(failureDocument(failure))}\n`)
  else process.stderr.write(`${failureText(failure)}\n`)
  process.exitCode = failure.exit
}

function checkCommand([name]: readonly string[], { commandIDs }: Config): void {
  if (name === undefined || name.startsWith('-') || name === 'help' || commandIDs.includes(name)) return
  throw unknownName('E_COMMAND_UNKNOWN', 'command', name, commandIDs.toSorted())
}
