import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { h2oTruth, writeH2oTwin } from '../../../src/ingest/synthetic/h2o/h2o-twin.ts'
import { filesBelow, linesOf, newFolder, numbersOf, six } from './h2o-folder.ts'

const truth = h2oTruth({ sequences: 6, seed: 7, cameras: 'ego', flaws: true })
const dir = newFolder()
const flawsCalled = (name: string): typeof truth.flaws => truth.flaws.filter((flaw) => flaw.name === name)

beforeAll(async () => {
  await writeH2oTwin(dir, truth, { frames: false })
})

describe('a flawed twin of six sequences', () => {
  test('has every flaw somewhere, each where it is said to be', () => {
    expect(new Set(truth.flaws.map(({ name }) => name))).toEqual(new Set(['subject-folder', 'upper-case-folder', 'loose-spaces', 'float-labels', 'macos-junk',
      'unannotated-hands', 'short-row', 'word-in-row', 'missing-file', 'label-disagrees']))
    for (const { name, path } of truth.flaws) expect([name, path, existsSync(join(dir, path))]).toEqual([name, path, name !== 'missing-file'])
  })

  test('has the folders of subjects that the archives unpack to, and lists that know nothing of them', () => {
    expect(readdirSync(dir).sort()).toEqual(['label_split', 'subject1_ego', 'subject2_v1_1', 'subject3_pose_v1_1', 'subject4'])
    expect(flawsCalled('subject-folder').map(({ path }) => path)).toEqual(['subject1_ego', 'subject3_pose_v1_1/subject3', 'subject2_v1_1'])
    expect(linesOf(`${dir}/label_split/action_train.txt`)[1]).toMatch(/^1 subject1\/h1\/0 /)
  })

  test('has folders in upper case in two sequences, in lower case in the others', () => {
    expect(flawsCalled('upper-case-folder')).toHaveLength(2 * 2)
    expect(readdirSync(`${dir}/subject1_ego/h2/0/cam4`).sort()).toEqual(
      ['action_label', 'cam_intrinsics.txt', 'cam_pose', 'hand_pose', 'hand_pose_MANO', 'obj_pose', 'obj_pose_RT', 'verb_label'])
    expect(readdirSync(`${dir}/subject1_ego/h1/0/cam4`)).toEqual(expect.arrayContaining(['hand_pose_mano', 'obj_pose_rt']))
  })

  test('has double and trailing spaces, with and without a newline at the end', () => {
    expect(flawsCalled('loose-spaces').map(({ path }) => path)).toEqual(['subject1_ego/h1/0', 'subject2_v1_1/h1/0'])
    const texts = [0, 1, 2].map((frame) => readFileSync(`${dir}/subject1_ego/h1/0/cam4/cam_pose/${six(frame)}.txt`, 'utf8'))
    expect(texts.map((text) => [text.includes('  '), /\s+$/.exec(text)?.[0] ?? ''])).toEqual([[true, ' '], [true, '  \n'], [false, '']])
    expect(texts.map((text) => text.trim().split(/ +/).length)).toEqual([16, 16, 16])
  })

  test('has labels as 3.0', () => {
    const { path } = flawsCalled('float-labels')[0]!
    expect(path).toBe('subject1_ego/h1/0/cam4/action_label')
    const { segments: [first] } = truth.sequences[0]!
    expect(readFileSync(`${dir}/${path}/${six(first!.start)}.txt`, 'utf8').trim()).toBe(`${first!.action}.0`)
  })

  test('has what macOS leaves in two sequences, and nowhere else', () => {
    expect(filesBelow(dir).filter((file) => /\/\./.test(file))).toEqual(flawsCalled('macos-junk').map(({ path }) => path).sort())
    expect(readFileSync(`${dir}/subject1_ego/h1/0/cam4/hand_pose/._000000.txt`, 'latin1')).toContain('Mac OS X')
  })

  test('has frames in which no camera has a hand: flags of 0, all zeros, and none of them in the list of poses', () => {
    const { path, frames } = flawsCalled('unannotated-hands')[0]!
    for (let frame = frames!.start; frame < frames!.end; frame++) {
      expect(numbersOf(`${dir}/${path}/cam4/hand_pose/${six(frame)}.txt`)).toEqual(Array.from({ length: 128 }, () => 0))
      expect(numbersOf(`${dir}/${path}/cam4/hand_pose_mano/${six(frame)}.txt`)).toEqual(Array.from({ length: 124 }, () => 0))
      expect(linesOf(`${dir}/label_split/pose_test.txt`)).not.toContain(`${path}/cam4/rgb/${six(frame)}.png`)
    }
  })

  test('has one row of 127 numbers, one word among the numbers, and 128 numbers everywhere else', () => {
    const odd = filesBelow(dir).filter((file) => /\/hand_pose\/\d/.test(file))
      .map((file) => ({ file, numbers: numbersOf(join(dir, file)) })).filter(({ numbers }) => numbers.length !== 128 || !numbers.every(Number.isFinite))
    const [word, short] = [flawsCalled('word-in-row')[0]!.path, flawsCalled('short-row')[0]!.path]
    expect(odd.map(({ file, numbers }) => [file, numbers.length, numbers.findIndex(Number.isNaN)])).toEqual([[short, 127, -1], [word, 128, 10]])
    expect(readFileSync(join(dir, word), 'utf8')).toContain(' None ')
  })

  test('lacks one file of one folder', () => {
    const { path, frames } = truth.sequences[5]!
    expect(path).toBe('subject3/o1/0')
    const counts = ['hand_pose', 'obj_pose', 'cam_pose'].map((series) => readdirSync(`${dir}/subject3_pose_v1_1/subject3/o1/0/cam4/${series}`)
      .filter((name) => !name.startsWith('.')).length)
    expect(counts).toEqual([frames, frames - 1, frames])
  })

  test('has one frame whose label is not the list\'s', () => {
    const { path, frames } = flawsCalled('label-disagrees')[0]!
    const { start } = frames!
    const row = linesOf(`${dir}/label_split/action_train.txt`).map((line) => line.split(' '))
      .find(([, where, , first, last]) => where === 'subject1/h2/0' && Number(first) <= start && start <= Number(last))!
    expect(path).toBe(`subject1_ego/h2/0/cam4/action_label/${six(start)}.txt`)
    expect(numbersOf(join(dir, path))[0]).not.toBe(Number(row[2]))
    expect(numbersOf(join(dir, path.replace(six(start), six(start + 1))))[0]).toBe(Number(row[2]))
  })
})

test('a twin without flaws has none', () => {
  expect(h2oTruth({ sequences: 6, seed: 1, cameras: 'ego', flaws: false }).flaws).toEqual([])
})

test('flaws change what annotators and archives did in every camera, never what happened', () => {
  const [plain, flawed] = [false, true].map((flaws) => h2oTruth({ sequences: 6, seed: 7, cameras: 'all', flaws })) as [typeof truth, typeof truth]
  expect([...flawed.sequences[2]!.handFlags.values()].map((flags) => flags[2 * flawed.sequences[2]!.quirks.handless!.start])).toEqual([0, 0, 0, 0, 0])
  for (const [at, sequence] of flawed.sequences.entries()) {
    const { quirks: _, handFlags, listed, ...rest } = sequence
    expect({ ...plain.sequences[at], ...rest }).toEqual(plain.sequences[at])
    expect(listed.every((frame) => plain.sequences[at]!.listed.includes(frame))).toBe(true)
    expect([...handFlags.get(4)!].every((flag, i) => flag <= plain.sequences[at]!.handFlags.get(4)![i]!)).toBe(true)
  }
})
