import { appendFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { ToolkitError } from '../errors.ts'
import { replaceFile, type Step, type Took } from '../train/index.ts'
import { writeFailure } from '../write-failure.ts'

/** A line of `log.jsonl`: a step, or what the validation part said after a step. Equal runs have equal lines. */
export type LogLine = Step | { readonly step: number; readonly epoch: number; readonly validation: number; readonly best: boolean }

/** A line of `timing.jsonl`, which is another each time: how long a step took. */
export type TimingLine = Took & { readonly step: number }

const line = z.union([
  z.object({ step: z.int(), epoch: z.int(), loss: z.number(), rate: z.number(), gradientNorm: z.number().nullable(), lossScale: z.number().exactOptional() }),
  z.object({ step: z.int(), epoch: z.int(), validation: z.number(), best: z.boolean() }),
])

const timing = z.object({ step: z.int(), seconds: z.number(), waitSeconds: z.number(), samples: z.int() })

/** The lines of a log; a last line cut short by a kill is not one. Empty without a file. Throws E_LOG for another that is damaged. */
export async function readLog(file: string): Promise<LogLine[]> {
  return readLines(file, line)
}

/** The lines of a log of times, likewise. */
export async function readTiming(file: string): Promise<TimingLine[]> {
  return readLines(file, timing)
}

async function readLines<Line>(file: string, schema: z.ZodType<Line>): Promise<Line[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? '' : Promise.reject(error)))
  return text.split('\n').slice(0, -1).map((row, index) => {
    const parsed = schema.safeParse(parseJson(row))
    if (parsed.success) return parsed.data
    throw new ToolkitError('E_LOG', `${file}:${index + 1} is damaged: ${JSON.stringify(row.slice(0, 60))}`, { hint: 'bring the file back, or take the line out: what it said is then lost' })
  })
}

/** Adds a line. Throws E_DISK_FULL, E_RUNS_READ_ONLY. */
export function appendLog(file: string, entry: LogLine | TimingLine): void {
  try {
    appendFileSync(file, `${JSON.stringify(entry)}\n`)
  } catch (error) {
    throw writeFailure(error, file)
  }
}

/** Takes back what was logged after a step, which a resume will do again. */
export async function rewindLog(file: string, step: number): Promise<void> {
  await rewind(file, await readLog(file), step)
}

/** The same of a log of times. */
export async function rewindTiming(file: string, step: number): Promise<void> {
  await rewind(file, await readTiming(file), step)
}

async function rewind(file: string, lines: readonly (LogLine | TimingLine)[], step: number): Promise<void> {
  await replaceFile(file, lines.filter((entry) => entry.step <= step).map((entry) => `${JSON.stringify(entry)}\n`).join(''))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
