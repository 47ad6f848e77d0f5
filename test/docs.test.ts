import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerText } from '../src/cli/answer-text.ts'
import { entryOf, readCatalog } from '../src/catalog.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { runQuery } from '../src/queries/index.ts'
import { realPenn } from './shared.ts'
import { filesOf, root, textOf } from './sources.ts'

const pages = ['README.md', ...filesOf('docs', '.md')]

describe('the README', () => {
  const lines = textOf('README.md').split('\n')

  test('has at most 150 lines, and code by line 25', () => {
    expect(lines.length).toBeLessThanOrEqual(151)
    expect(lines.findIndex((line) => line.startsWith('```'))).toBeLessThan(25)
  })

  test('begins with the two commands', () => {
    expect(textOf('README.md')).toMatch(/npm ci && npm run demo[^\n]*\nnpm ci && npm test/)
  })
})

describe('links', () => {
  test.each(pages)('of %s lead somewhere', (page) => {
    const targets = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target!)
    expect(targets.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
  })
})

describe('docs/cli.md', () => {
  const cli = textOf('docs/cli.md')

  test.each(filesOf('src/commands', '.ts'))('names the command and every flag of %s', (path) => {
    const name = path.slice('src/commands/'.length, -3).replace('/', ' ')
    const own = [...(/static override flags = \{([\s\S]*?)\n {2}\}/.exec(textOf(path))?.[1] ?? '').matchAll(/^ {4}'?([a-z-]+)'?: Flags/gm)]
    const flags = own.map(([, flag]) => `--${flag}`)
    const row = cli.split('\n').find((line) => new RegExp(`^\\| (?:\`[a-z]+\`, )*\`${name}[ \`]`).test(line))
    expect(row).toBeDefined()
    expect(flags.filter((flag) => !row!.includes(flag))).toEqual([])
  })

  test('names every flag of train', () => {
    const flags = [...textOf('src/cli/train-flags.ts').matchAll(/^ {2}([a-z-]+): Flags\./gm)].map(([, flag]) => `--${flag}`)
    expect(flags).toContain('--init')
    const row = cli.split('\n').find((line) => line.startsWith('| `train MODEL`'))!
    expect(flags.filter((flag) => !row.includes(flag))).toEqual([])
  })

  test('names every flag of eval', () => {
    const flags = [...textOf('src/cli/eval-flags.ts').matchAll(/^ {2}'?([a-z-]+)'?: Flags\./gm)].map(([, flag]) => `--${flag}`)
    expect(flags).toContain('--write-views')
    const row = cli.split('\n').find((line) => line.startsWith('| `eval [RUN]`'))!
    expect(flags.filter((flag) => !row.includes(flag))).toEqual([])
  })

  test('names every flag that commands with a loader share', () => {
    const flags = [...textOf('src/cli/loader-flags.ts').matchAll(/^ {2}'?([a-z-]+)'?: (?:Flags\.|bytes\()/gm)].map(([, flag]) => `--${flag}`)
    expect(flags).toContain('--on-bad')
    const row = cli.split('\n').find((line) => line.startsWith('| `stream DATASET...`'))!
    expect(flags.filter((flag) => !row.includes(flag))).toEqual([])
  })
})

test('decisions have at most 40 lines', () => {
  expect(filesOf('docs/decisions', '.md').filter((path) => textOf(path).trimEnd().split('\n').length > 40)).toEqual([])
})

describe.skipIf(realPenn === null)('saved answers, on the real labels', () => {
  const store = mkdtempSync(join(tmpdir(), 'posetta-docs-'))
  const examples = pages.flatMap((page) => [...textOf(page).matchAll(/```sql\n([\s\S]*?)\n```\n```text\n([\s\S]*?)\n```/g)].map(([, sql, answer]) => ({ page, sql: sql!, answer: answer! })))

  beforeAll(async () => {
    await ingest({ entry: entryOf(await readCatalog(), 'penn-action'), rawDir: realPenn!, storeDir: store, jobs: 1 })
  })
  afterAll(() => rmSync(store, { recursive: true }))

  test('there are some', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3)
  })

  test.each(examples)('$page: $sql', async ({ sql, answer }) => {
    expect(answerText(await runQuery({ storeDir: store, runsDir: join(store, 'runs') }, sql), 'table')).toBe(answer)
  })
})
