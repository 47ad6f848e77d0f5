import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtInCatalog, entryOf, readCatalog } from '../src/catalog.ts'
import { ToolkitError } from '../src/errors.ts'
import { parseYaml } from '../src/yaml-file.ts'
import { mirrorOrder } from '../src/skeleton.ts'

describe('the built-in catalog', () => {
  test('every entry passes the schema and its counts add up', async () => {
    const { entries } = await readCatalog()
    expect(entries.map(({ name }) => name)).toEqual(expect.arrayContaining(['penn-action', 'ikea-asm', 'h2o', 'ntu-60', 'ntu-120', 'nw-ucla', 'pyskl']))
  })

  test('Penn Action has the published numbers', async () => {
    const penn = entryOf(await readCatalog(), 'penn-action')
    expect(penn.counts).toEqual({ recordings: 2326, frames: 163841, train: 1258, test: 1068 })
    expect(penn.actions).toHaveLength(15)
    expect(penn.splits['official']!.counts).toEqual({ train: 1258, test: 1068 })
  })

  test('its ids run from 1 to 2326 without a gap', async () => {
    const { actionEntries } = entryOf(await readCatalog(), 'penn-action')
    expect(actionEntries.map(({ ids }) => ids![0])).toEqual([1, ...actionEntries.slice(0, -1).map(({ ids }) => ids![1] + 1)])
    expect(actionEntries.at(-1)!.ids).toEqual([2141, 2326])
  })

  test('its joints carry the subject\'s own sides, its raw names the website\'s', async () => {
    const { skeleton, skeletonNote } = entryOf(await readCatalog(), 'penn-action')
    expect(skeleton.joints.slice(0, 4)).toEqual(['head', 'right_shoulder', 'left_shoulder', 'right_elbow'])
    expect(skeleton.rawJoints.slice(0, 4)).toEqual(['head', 'left_shoulder', 'right_shoulder', 'left_elbow'])
    expect(mirrorOrder(skeleton)).toEqual([0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11])
    expect(skeletonNote).toContain('is the viewer\'s')
  })

  test('its limbs are those of the specification', async () => {
    const { skeleton } = entryOf(await readCatalog(), 'penn-action')
    expect(skeleton.edges.map((edge) => edge.join('-')).join(' ')).toBe('0-1 0-2 1-2 1-3 3-5 2-4 4-6 1-7 2-8 7-8 7-9 9-11 8-10 10-12')
  })

  test('its 13 actions with phases sum to the TCC paper\'s 1160 and 966 clips', async () => {
    const { phases } = entryOf(await readCatalog(), 'penn-action')
    const sum = (side: 'train' | 'test'): number => phases.reduce((sum, { published }) => sum + published['tcc']![side], 0)
    expect([phases.length, sum('train'), sum('test')]).toEqual([13, 1160, 966])
    expect(phases.find(({ action }) => action === 'squat')).toMatchObject({
      tccName: 'squats', phases: 4, names: ['start', 'hips at knees (down)', 'hips at floor', 'hips at knee (up)'] })
  })
})

describe('a catalog file of one\'s own', () => {
  test('adds entries', async () => {
    const catalog = await readCatalog([catalogFile(mine())])
    expect(catalog.entries.at(0)!.name).toBe('penn-action')
    expect(catalog.entries.at(-1)!.name).toBe('mine')
    expect(entryOf(catalog, 'mine').skeleton.name).toBe('penn-13')
  })

  test('may bring a skeleton', async () => {
    const file = catalogFile(`skeletons:\n  stick: { note: null, joints: { top: a, end: b }, edges: [[top, end]], pairs: [] }\n${mine('skeleton: stick')}`)
    expect(entryOf(await readCatalog([file]), 'mine').skeleton).toEqual({ name: 'stick', joints: ['top', 'end'], rawJoints: ['a', 'b'], edges: [[0, 1]],
      pairs: [] })
  })

  test('refuses a name that is there already', async () => {
    const file = catalogFile(mine('name: penn-action'))
    await expect(refused(file)).resolves.toEqual({ code: 'E_CATALOG_DUPLICATE',
      message: `${file}:2 datasets.0.name: there is a data set "penn-action" already`, hint: undefined })
  })

  test('refuses an unknown key with its place and the nearest one', async () => {
    const file = catalogFile(mine('licens: MIT'))
    const { code, message, hint } = await refused(file)
    expect(code).toBe('E_CATALOG_KEY')
    expect(message).toBe(`${file}:18 datasets.0.licens: unknown key "licens"`)
    expect(hint).toMatch(/^did you mean "licence"\? Known here: name, title, licence, /)
  })

  test('refuses an unknown key deep inside', async () => {
    const file = catalogFile(mine('counts: { recordings: 3, frames: 9, train: 2, tests: 1 }'))
    const { message, hint } = await refused(file)
    expect(message).toBe(`${file}:13 datasets.0.counts.tests: unknown key "tests"`)
    expect(hint).toBe('did you mean "test"? Known here: recordings, frames, train, validation, test')
  })

  test('refuses a value of another kind', async () => {
    const file = catalogFile(mine('title: 3'))
    await expect(refused(file)).resolves.toMatchObject({ code: 'E_CATALOG_VALUE',
      message: `${file}:3 datasets.0.title: Invalid input: expected string, received number` })
  })

  test('refuses counts that do not add up', async () => {
    const file = catalogFile(mine('counts: { recordings: 4, frames: 9, train: 2, test: 1 }'))
    await expect(refused(file)).resolves.toMatchObject({ code: 'E_CATALOG_COUNTS', message: `${file}:13 datasets.0.counts.recordings: 4 is not train + test, 3` })
  })

  test('refuses a skeleton that nobody described', async () => {
    const file = catalogFile(mine('skeleton: penn-12'))
    await expect(refused(file)).resolves.toEqual({
      code: 'E_CATALOG_SKELETON', message: `${file}:9 datasets.0.skeleton: no skeleton "penn-12"`, hint: expect.stringMatching(/^did you mean "penn-13"\? There are: penn-13, /) })
  })

  test('refuses a limb of an unknown joint', async () => {
    const file = catalogFile('skeletons:\n  stick: { note: null, joints: { top: a }, edges: [[top, end]], pairs: [] }\n')
    await expect(refused(file)).resolves.toMatchObject({ code: 'E_CATALOG_JOINT', message: `${file}:2 skeletons.stick.edges.0: no joint "end"` })
  })

  test('refuses broken YAML with its line', async () => {
    const file = catalogFile('datasets:\n  - name: [a\n')
    const { code, message } = await refused(file)
    expect(code).toBe('E_CATALOG_SYNTAX')
    expect(message).toMatch(/:3: Flow sequence/)
  })

  test('refuses a file that is not there', async () => {
    await expect(refused('/nowhere/mine.yaml')).resolves.toMatchObject({
      code: 'E_CATALOG_MISSING', message: 'cannot read the catalog file /nowhere/mine.yaml: ENOENT: no such file or directory, open \'/nowhere/mine.yaml\'' })
  })
})

test('an unknown data set is answered with the nearest one', async () => {
  const catalog = await readCatalog()
  expect(() => entryOf(catalog, 'pen-action')).toThrow(expect.objectContaining({
    code: 'E_DATASET_UNKNOWN', message: 'no data set "pen-action"', hint: expect.stringMatching(/^did you mean "penn-action"\? There are: penn-action, /) }))
})

test('the catalog is found from the compiled package too, whose build has read it', () => {
  expect(builtInCatalog).toMatch(/datasets\.yaml$/)
  const built = JSON.parse(readFileSync(new URL('../dist/datasets.json', import.meta.url), 'utf8')) as unknown
  expect(built).toEqual(parseYaml(readFileSync(builtInCatalog, 'utf8'), builtInCatalog).values)
})

/** A small valid entry; `line` replaces the line of the same key or is added at the end. */
function mine(line = ''): string {
  const key = line.split(':')[0]!
  const lines = ['name: mine', 'title: Mine', 'licence: MIT', 'redistribution: { annotations: true, frames: true }', 'homepage: https://example.org',
    'citation: nobody', 'adapter: penn-action', 'skeleton: penn-13', 'source: manual', 'group: the video', 'fps: 30',
      'counts: { recordings: 3, frames: 9, train: 2, test: 1 }',
    'splits: {}', 'trainable:', '  withoutFlags: []', '  because: all of them are',
      ...(line === '' || /^(name|title|counts|skeleton):/.test(line) ? [] : [line]), 'actions: []']
  const replaced = lines.map((old) => (key !== '' && old.startsWith(`${key}:`) ? line : old))
  return `datasets:\n${replaced.map((text, at) => `${at === 0 ? '  - ' : '    '}${text}\n`).join('')}`
}

function catalogFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'posetta-catalog-')), 'mine.yaml')
  writeFileSync(file, text)
  return file
}

async function refused(file: string): Promise<{ code: string; message: string; hint: string | undefined }> {
  try {
    await readCatalog([file])
  } catch (error) {
    if (error instanceof ToolkitError) return { code: error.code, message: error.message, hint: error.hint }
  }
  throw new Error('it was accepted')
}
