import { parseArgs } from 'node:util'

/** Where a table finds clips and runs, and how it is made; what decides its numbers is `actions`, `seeds`, `settings` and `part`. */
export type Place = {
  readonly storeDir: string
  readonly runsDir: string
  readonly cacheDir?: string
  /** Folder of what is written. */
  readonly outputDir: string
  readonly atOnce: number
  readonly seeds: readonly number[]
  /** Left out: those of the table. */
  readonly actions?: readonly string[]
  /** Rows by their labels; left out: those of the table. */
  readonly rows?: readonly string[]
  /** Metrics of the catalogue; left out: those of the table. */
  readonly metrics?: readonly string[]
  /** For every row, after its own. */
  readonly settings: readonly string[]
  /** What is measured on. `validation`: the part carved from train, and the test side is never read. */
  readonly part: 'test' | 'validation'
}

/** STORE RUNS [--seeds 0,1,2] [--actions a,b] [--rows 'a;b'] [--metrics a,b] [--set key=value]... [--validation] [--at-once 2] [--cache DIR] [--output experiments/results] */
export function placeOf(argv: readonly string[]): Place {
  const { values, positionals: [storeDir = 'store', runsDir = 'runs'] } = parseArgs({
    args: [...argv], allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '0,1,2' }, actions: { type: 'string' }, rows: { type: 'string' }, metrics: { type: 'string' }, set: { type: 'string', multiple: true, default: [] }, validation: { type: 'boolean', default: false },
      'at-once': { type: 'string', default: '2' }, cache: { type: 'string' }, output: { type: 'string', default: 'experiments/results' },
    },
  })
  return {
    storeDir, runsDir, outputDir: values.output, atOnce: Number(values['at-once']), seeds: values.seeds.split(',').map(Number), settings: values.set,
    part: values.validation ? 'validation' : 'test',
    ...(values.cache === undefined ? {} : { cacheDir: values.cache }), ...(values.actions === undefined ? {} : { actions: values.actions.split(',') }),
    ...(values.rows === undefined ? {} : { rows: values.rows.split(';') }),
    ...(values.metrics === undefined ? {} : { metrics: values.metrics.split(',') }),
  }
}

/** `--kinds a,b` of a script that makes several tables, null = all of them, and the arguments without it. */
export function kindsOf(argv: readonly string[]): { readonly kinds: readonly string[] | null; readonly rest: readonly string[] } {
  const at = argv.indexOf('--kinds')
  return at === -1 ? { kinds: null, rest: argv } : { kinds: argv[at + 1]!.split(','), rest: argv.toSpliced(at, 2) }
}
