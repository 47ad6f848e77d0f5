import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { completions } from '../../src/cli/completions.ts'
import { runPrompt } from '../../src/cli/prompt.ts'
import { StatementBuffer } from '../../src/cli/statement-buffer.ts'
import { writeClips } from '../../src/store/index.ts'
import { makeClips, skeletons } from '../store/clips.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-prompt-'))
const [place, queriesFolder, historyFile] = [{ storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }, join(folder, 'queries'), join(folder, 'runs/.sql-history')]
beforeAll(async () => {
  await writeClips({ storeDir: place.storeDir, dataset: 'tiny', skeletons, clips: makeClips(3) })
  mkdirSync(queriesFolder)
  writeFileSync(join(queriesFolder, 'frames-of.sql'), '-- frames of a clip\nselect n_frames from clips where id = $clip;')
})
afterAll(() => rmSync(folder, { recursive: true }))

const escape = String.fromCharCode(27)
const keys = new RegExp(`${escape}\\[.|.`, 'gsu')
const controls = new RegExp(`${escape}\\[[0-9;]*[A-Za-z]|\r`, 'g')

/** A prompt on a pair of streams; keys are what is typed. */
class Typist {
  readonly #input = new PassThrough()
  readonly #output = new PassThrough()
  #shown = ''
  readonly ended: Promise<void>

  constructor({ terminal = false } = {}) {
    this.#output.on('data', (chunk: Buffer) => (this.#shown += chunk.toString()))
    this.ended = runPrompt({ place, queriesFolder, format: 'table', limit: undefined }, { input: this.#input, output: this.#output, terminal, historyFile: terminal ? historyFile : null })
  }

  /** Key by key: what comes at once is taken as pasted, Tab included. */
  type(text: string): void {
    for (const key of text.match(keys) ?? []) this.#input.write(key)
  }

  /** Waits for a text to be shown; whether it was. */
  async shows(text: string): Promise<boolean> {
    for (let wait = 0; wait < 2000 && !this.shown.includes(text); wait++) await sleep(10)
    return this.shown.includes(text)
  }

  /** What was shown so far, without what moves the cursor. */
  get shown(): string {
    return this.#shown.replaceAll(controls, '')
  }
}

async function sessionOf(lines: readonly string[]): Promise<string> {
  const typist = new Typist()
  typist.type(`${lines.join('\n')}\n.quit\n`)
  await typist.ended
  return typist.shown.replaceAll(/\d+ ms/g, 'N ms')
}

describe('the prompt', () => {
  test('answers a query over several lines, two on one line, and saved ones', async () => {
    const shown = await sessionOf(['select count(*) n -- not; yet', 'from clips;', "select 1 a; select ';' b;", '.saved frames-of clip=tiny/0002'])
    expect(shown).toContain('n\n-\n3\n(1 row, N ms)\n')
    expect(shown).toContain('a\n-\n1\n(1 row, N ms)\nb\n-\n;\n(1 row, N ms)\n')
    expect(shown).toContain('n_frames\n--------\n       3\n(1 row, N ms)\n')
  })

  test('shows errors with their place, and goes on', async () => {
    const shown = await sessionOf(['select', '  actoin from clips;', "from joint('hed');", 'drop view clips;', '.saved frames-off', '.tabels', 'select 7 still;'])
    expect(shown).toContain('\n\nline 2, column 3\n    actoin from clips\n    ^\n')
    expect(shown).toContain('E_JOINT_UNKNOWN: no joint in the store named "hed"\n\nline 1, column 12\n  from joint(\'hed\')\n             ^\n  did you mean "head"? There are: head, left_hand\n')
    expect(shown).toContain('E_SQL_READ_ONLY: only statements that read are run\n')
    expect(shown).toContain('E_SAVED_UNKNOWN: no saved query "frames-off"\n  did you mean "frames-of"?')
    expect(shown).toContain('E_COMMAND_UNKNOWN: no command ".tabels"\n  did you mean ".tables"?')
    expect(shown).toContain('still\n-----\n    7\n')
  })

  test('knows its tables, their columns, formats and commands', async () => {
    const shown = await sessionOf(['.tables', '.schema phases', '.format csv', "select 'a,b' as x;", '.help', '.schema clip'])
    expect(shown).toContain('tables: cameras, clips, embeddings, files, frames, images, joints, keypoints, measures, phases, probes, proxies, quarantine, robustness, segments, sides, signals, splits, training\nmacros: joint, angle, speed,')
    expect(shown).toContain('clip_id  VARCHAR\nphase    INTEGER\nstart    INTEGER\nend      INTEGER\nlabel    VARCHAR\ndataset  VARCHAR\n')
    expect(shown).toContain('x\n"a,b"\n(1 row, N ms)')
    expect(shown).toContain('E_TABLE_UNKNOWN: no table "clip"\n  did you mean "clips"?')
  })
})

describe('on a terminal', () => {
  test('Ctrl-C stops a query that runs, and empties a line, but does not end the prompt', async () => {
    const typist = new Typist({ terminal: true })
    expect(await typist.shows('posetta> ')).toBe(true)
    typist.type('select count(*) from range(1000000000) a, range(1000000000) b where a.range * b.range % 7 = 3;\r')
    await sleep(200)
    typist.type('\u0003')
    expect(await typist.shows('\nstopped\n')).toBe(true)
    typist.type('select half\r')
    expect(await typist.shows('    ...> ')).toBe(true)
    typist.type('of it\u0003select 40 + 2 as answer;\r')
    expect(await typist.shows('answer\n------\n    42\n')).toBe(true)
    typist.type('\u0004')
    await typist.ended
  })

  test('Tab completes, and the next prompt knows the lines of the last', async () => {
    const typist = new Typist({ terminal: true })
    expect(await typist.shows('posetta> ')).toBe(true)
    typist.type("select count(*) n from joint('left_h\t);\r")
    expect(await typist.shows('\n-\n9\n')).toBe(true)
    typist.type('.quit\r')
    await typist.ended
    expect(readFileSync(historyFile, 'utf8').split('\n').slice(-3)).toEqual(["select count(*) n from joint('left_hand');", '.quit', ''])
    const next = new Typist({ terminal: true })
    expect(await next.shows('posetta> ')).toBe(true)
    next.type(`${escape}[A${escape}[A`)
    expect(await next.shows("posetta> select count(*) n from joint('left_hand');")).toBe(true)
    next.type('\u0003.quit\r')
    await next.ended
  })
})

describe('Tab', () => {
  const names = { tables: new Map([['clips', [{ name: 'id', type: 'VARCHAR' }, { name: 'action', type: 'VARCHAR' }]], ['phases', [{ name: 'phase', type: 'INTEGER' }]]]), macros: ['joint', 'angle'], joints: ['left_elbow', 'left_wrist'] }
  const dots = { '.schema': ['clips', 'phases'], '.saved': ['flags'], '.quit': [] }

  test.each([
    ['select * from c', ['clips'], 'c'],
    ['select * from clips join ', ['angle(', 'clips', 'joint(', 'phases'], ''],
    ['select clips.', ['action', 'id'], ''],
    ["from joint('left_w", ["left_wrist'"], 'left_w'],
    ["from angle('left_elbow', '", ["left_elbow'", "left_wrist'"], ''],
    ['select ac', ['action'], 'ac'],
    ['SEL', ['select'], 'SEL'],
    ['.s', ['.saved', '.schema'], '.s'],
    ['.schema ph', ['phases'], 'ph'],
    ['.saved ', ['flags'], ''],
  ])('after %j offers %j', (line, hits, typed) => {
    expect(completions(line, names, dots)).toEqual([hits, typed])
  })
})

describe('a statement', () => {
  test.each([
    ['a;', ['a']], ['a; b;', ['a', ' b']], ['a', []], ["';' ;", ["';' "]], ['";";', ['";"']], ['-- ;', []], ['/* ; */ a;', ['/* ; */ a']], ['$$ ; $$;', ['$$ ; $$']], ["'open ;", []],
  ])('%j ends at its semicolon: %j', (line, ended) => {
    expect(new StatementBuffer().add(line)).toEqual(ended)
  })
})
