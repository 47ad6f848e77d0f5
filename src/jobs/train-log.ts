import { appendFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { replaceFile, type Step, writeFailure } from '../train/index.ts'

/** A line of `log.jsonl`: a step, or what the validation part said after a step. */
export type LogLine = Step | { readonly step: number; readonly epoch: number; readonly validation: number; readonly best: boolean }

const line = z.union([
  z.object({ step: z.int(), epoch: z.int(), loss: z.number(), rate: z.number(), gradientNorm: z.number() }),
  z.object({ step: z.int(), epoch: z.int(), validation: z.number(), best: z.boolean() }),
])

/** The lines of a log; a last line cut short by a kill is not one. Empty without a file. */
export async function readLog(file: string): Promise<LogLine[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? '' : Promise.reject(error)))
  return text.split('\n').slice(0, -1).flatMap((row) => {
    const parsed = line.safeParse(parseJson(row))
    return parsed.success ? [parsed.data] : []
  })
}

/** Adds a line. Throws E_DISK_FULL, E_RUNS_READ_ONLY. */
export function appendLog(file: string, entry: LogLine): void {
  try {
    appendFileSync(file, `${JSON.stringify(entry)}\n`)
  } catch (error) {
    throw writeFailure(error, file)
  }
}

/** Takes back what was logged after a step, which a resume will do again. */
export async function rewindLog(file: string, step: number): Promise<void> {
  const kept = (await readLog(file)).filter((entry) => entry.step <= step)
  await replaceFile(file, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
