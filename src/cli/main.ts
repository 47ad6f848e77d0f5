import { Config, Errors, flush, run } from '@oclif/core'
import { ToolkitError, unknownName } from '../errors.ts'
import { type Failure, failureDocument, failureOf, failureText } from './failure.ts'

/** Runs a command line. Every way to end leaves one JSON document on stdout under --json, and the exit code of the contract. */
export async function main(argv: string[], root: string): Promise<void> {
  try {
    const config = await Config.load(root)
    checkCommand(argv, config)
    await run(argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv, config)
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

function checkCommand(argv: readonly string[], { commandIDs }: Config): void {
  const [name, second] = argv[0] === 'help' ? argv.slice(1) : argv
  if (name === undefined || ['--help', '-h', '--version', '-v'].includes(name) || commandIDs.includes(name)) return
  // `loader stats`: a topic and its command
  const topic = commandIDs.filter((id) => id.startsWith(`${name}:`)).map((id) => id.slice(name.length + 1))
  if (topic.length > 0 && (second === undefined || second.startsWith('-') || topic.includes(second))) return
  if (topic.length > 0) throw unknownName('E_COMMAND_UNKNOWN', `command of ${name}`, second!, topic)
  if (name.startsWith('-')) throw new ToolkitError('E_USAGE', `"${name}" stands before the command`, { hint: 'posetta COMMAND [flags]; posetta --help lists the commands' })
  throw unknownName('E_COMMAND_UNKNOWN', 'command', name, commandIDs.map((id) => id.replace(':', ' ')).toSorted())
}
