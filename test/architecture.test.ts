import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesOf, textOf } from './sources.ts'

/** Which rooms a room may import: the table of docs/architecture.md. Nouns are open to all. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  nouns: [],
  ingest: ['store'],
  store: [],
  queries: ['store'],
  export: ['store'],
  validate: ['store'],
  transforms: [],
  loader: ['store', 'transforms'],
  engine: [],
  models: ['engine'],
  train: ['engine', 'models'],
  eval: ['engine', 'models', 'store', 'transforms', 'loader'],
  jobs: ['ingest', 'store', 'queries', 'export', 'validate', 'transforms', 'loader', 'engine', 'models', 'train', 'eval'],
  cli: ['ingest', 'store', 'queries', 'export', 'validate', 'jobs'],
  commands: ['ingest', 'store', 'queries', 'export', 'validate', 'transforms', 'loader', 'engine', 'models', 'train', 'eval', 'jobs', 'cli'],
}

/** What programs import: they gather names of any room. */
const publicApi = new Set(['src/index.ts', 'src/model.ts'])

type Import = { readonly from: string; readonly to: string }

const sources = filesOf('src', '.ts')
const imports: readonly Import[] = sources.flatMap((from) =>
  [...textOf(from).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path]) => ({ from, to: join(dirname(from), path!) })))

const roomOf = (path: string): string => (path.split('/').length === 2 ? 'nouns' : path.split('/')[1]!)
const textWithoutComments = (path: string): string => textOf(path).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')

describe('rooms and arrows', () => {
  test('every folder of src is a room of the table', () => {
    expect([...new Set(sources.map(roomOf))].filter((room) => !(room in mayImport))).toEqual([])
  })

  test('imports follow the arrows, type imports too', () => {
    const astray = imports.filter(({ from, to }) => {
      const [room, target] = [roomOf(from), roomOf(to)]
      return !publicApi.has(from) && room !== target && target !== 'nouns' && !mayImport[room]!.includes(target)
    })
    expect(astray.map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })

  test('there are no circles', () => {
    const next = new Map<string, string[]>()
    for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
    const done = new Set<string>()
    const circleFrom = (path: string, trail: readonly string[]): string[] | null => {
      if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
      if (done.has(path)) return null
      const found = (next.get(path) ?? []).map((to) => circleFrom(to, [...trail, path])).find((circle) => circle !== null)
      done.add(path)
      return found ?? null
    }
    expect(sources.map((path) => circleFrom(path, [])).filter((circle) => circle !== null)).toEqual([])
  })

  test.each(['src/loader/workers/batch-worker.ts', 'src/loader/shards/resize-worker.ts'])('%s starts without the store, which would be most of its time', (worker) => {
    const loaded = new Set<string>()
    const load = (path: string): void => {
      if (loaded.has(path)) return
      loaded.add(path)
      for (const [, to] of textOf(path).matchAll(/^(?:import|export) (?!type )[^'()]*from '(\.[^']+)'/gm)) load(join(dirname(path), to!))
    }
    load(worker)
    expect([...loaded].filter((path) => roomOf(path) === 'store' || textOf(path).includes("from 'zod'"))).toEqual([])
    expect(loaded.size).toBeGreaterThan(10)
  })
})

describe('the outside world', () => {
  // a worker's entry is a process of its own: it brings its own clock
  const indoors = sources.filter((path) => !['commands', 'cli'].includes(roomOf(path)) && !path.endsWith('-worker.ts'))

  test.each(['Math.random', 'Date.now', 'process.env', 'process.stdout', 'process.stderr', 'console.'])('only commands touch %s', (what) => {
    expect(indoors.filter((path) => textWithoutComments(path).includes(what))).toEqual([])
  })
})

describe('SQL', () => {
  test.each(filesOf('src', '.sql'))('%s orders its rows, samples nothing, and says what goes in and comes out', (path) => {
    const sql = textOf(path)
    // a macro is a table: who asks it orders
    expect(path.startsWith('src/queries/macros/') ? 'order by' : sql).toMatch(/order by/i)
    expect(sql).not.toMatch(/random\s*\(|using sample|tablesample/i)
    expect(sql).toMatch(/^-- In: .*\n-- Out: .*\n(?:--.*\n)*-- Why: /)
  })
})

test('no command is longer than 40 lines of code', () => {
  const long = filesOf('src/commands', '.ts').map((path) => ({ path, lines: textOf(path).split('\n').filter((line) => line.trim() !== '').length })).filter(({ lines }) => lines > 40)
  expect(long).toEqual([])
})
