import { failureOf } from './failure.ts'
import { printFailure } from './main.ts'

/**
 * Hears of output that cannot be written, as on a full disk. Without stdout there is no answer: the process ends, and stderr says why. Without stderr there is nobody to tell, and the work goes on; so
 * it does for a reader that left (EPIPE).
 */
export function hearBrokenOutput(): void {
  process.stderr.on('error', () => {})
  process.stdout.prependListener('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    printFailure({ ...failureOf(error), message: `the answer cannot be written to stdout: ${error.message}`, hint: 'make room and ask again; what was done beside the answer stays' }, [])
    process.exit()
  })
}
