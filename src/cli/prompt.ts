import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { catalogNames, firstRows, listSaved, type QueryOptions, type QueryPlace, streamRows, withSession } from '../queries/index.ts'
import { answerText } from './answer-text.ts'
import { SHOWN_ROWS } from './ask-sql.ts'
import { completions } from './completions.ts'
import { failureOf, failureText } from './failure.ts'
import { dotArguments, dotCommand, type PromptFormat } from './prompt-commands.ts'
import { StatementBuffer } from './statement-buffer.ts'
import { valuesOf } from './values-of.ts'

const [PROMPT, MORE, KEPT_LINES] = ['posetta> ', '    ...> ', 1000]

/** Where a prompt is shown. */
export type Terminal = {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  /** Keys are read one by one: Tab completes, Ctrl-C stops a query, arrows go through the history. */
  readonly terminal: boolean
  /** Lines of earlier prompts, and of this one; null = they are forgotten. */
  readonly historyFile: string | null
}

export type PromptOptions = QueryOptions & { readonly place: QueryPlace; readonly queriesFolder: string; readonly format: PromptFormat; readonly limit: number | undefined }

/** Answers queries one after the other until .quit or the end of the input, all in one session: it shows the store as it was when the prompt began. */
export async function runPrompt({ place, queriesFolder, format: first, limit = SHOWN_ROWS, ...options }: PromptOptions, { input, output, terminal, historyFile }: Terminal): Promise<void> {
  await withSession(place, async (connection) => {
    const [names, saved, history] = [await catalogNames(connection), await listSaved(queriesFolder), await readHistory(historyFile)]
    const buffer = new StatementBuffer()
    let [format, running]: [PromptFormat, AbortController | null] = [first, null]
    const completer = (line: string): [string[], string] => completions(`${buffer.text}${line}`, names, dotArguments(names, saved))
    const lines = createInterface({ input, output, terminal, prompt: PROMPT, history, historySize: KEPT_LINES, removeHistoryDuplicates: true, completer })
    const ask = (): void => {
      lines.setPrompt(buffer.isEmpty ? PROMPT : MORE)
      lines.prompt()
    }
    const say = (text: string): void => void output.write(`${text}\n`)
    const answer = async (sql: string, values: Readonly<Record<string, string>>): Promise<void> => {
      running = new AbortController()
      const began = performance.now()
      const found = await streamRows(connection, sql, { ...options, values, signal: running.signal }, ({ columns, batches }) => firstRows(columns, batches, limit)).finally(() => (running = null))
      say(`${answerText(found, format)}\n(${found.rows.length} ${found.rows.length === 1 ? 'row' : 'rows'}, ${Math.round(performance.now() - began)} ms)`)
    }
    /** Whether to go on. */
    const obey = async (line: string): Promise<boolean> => {
      if (!buffer.isEmpty || !line.trimStart().startsWith('.')) {
        for (const sql of buffer.add(line)) if (sql.trim() !== '') await answer(sql, {})
        return true
      }
      const outcome = dotCommand(line, names, saved)
      if ('text' in outcome) say(outcome.text)
      else if ('format' in outcome) format = outcome.format
      else if ('sql' in outcome) await answer(outcome.sql, valuesOf(outcome.values))
      return !('end' in outcome)
    }
    lines.on('SIGINT', () => {
      if (running !== null) return running.abort(new Error('stopped'))
      buffer.clear()
      lines.write(null, { ctrl: true, name: 'e' })
      lines.write(null, { ctrl: true, name: 'u' })
      say('')
      ask()
    })
    say(`${names.tables.size} tables, ${names.macros.length} macros. A query ends with ; and .help has more.`)
    ask()
    for await (const line of lines) {
      await keepLine(historyFile, line)
      const goesOn = await obey(line).catch((error: unknown) => {
        buffer.clear()
        say(error instanceof Error && error.message === 'stopped' ? 'stopped' : failureText(failureOf(error)))
        return true
      })
      if (!goesOn) break
      ask()
    }
    lines.close()
  })
}

/** Newest first, as readline wants it. */
async function readHistory(file: string | null): Promise<string[]> {
  const text = file === null ? '' : await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '').slice(-KEPT_LINES).reverse()
}

/** A folder that cannot be written costs the history, not the prompt. */
async function keepLine(file: string | null, line: string): Promise<void> {
  if (file === null || line.trim() === '') return
  await mkdir(dirname(file), { recursive: true }).then(() => appendFile(file, `${line}\n`, { mode: 0o600 })).catch(() => undefined)
}
