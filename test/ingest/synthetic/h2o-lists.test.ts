import { beforeAll, describe, expect, test } from 'vitest'
import { h2oTruth, writeH2oTwin } from '../../../src/ingest/synthetic/h2o/h2o-twin.ts'
import { linesOf, newFolder, numbersOf, rowsOf, six } from './h2o-folder.ts'

const truth = h2oTruth({ sequences: 7, seed: 2, cameras: 'ego', flaws: false })
const dir = newFolder()

beforeAll(async () => {
  await writeH2oTwin(dir, truth, { frames: false })
})

describe('the lists of actions', () => {
  test('number their rows from 1 and name the sequences of their side', () => {
    const paths: Record<string, string[]> = { train: ['subject1/h1/0', 'subject2/h1/0', 'subject1/h2/0'], val: ['subject3/k2/0', 'subject3/o1/0'],
      test: ['subject4/h1/0', 'subject4/h2/0'] }
    for (const [side, expected] of Object.entries(paths)) {
      const rows = linesOf(`${dir}/label_split/action_${side}.txt`).slice(1).map((line) => line.split(' '))
      expect(rows.map(([id]) => Number(id))).toEqual(rows.map((_, at) => at + 1))
      expect([...new Set(rows.map(([, path]) => path))]).toEqual(expected)
    }
  })

  test.each(['train', 'val'])('have first and last frame inclusive, never overlap, and agree with the frames\' own labels: %s', (side) => {
    const [header, ...lines] = linesOf(`${dir}/label_split/action_${side}.txt`)
    expect(header).toBe('id path action_label start_act end_act start_frame end_frame')
    for (const { path, frames } of truth.sequences.filter((sequence) => sequence.side === side)) {
      const labels = new Array<number>()
      for (let frame = 0; frame < frames; frame++) labels.push(...numbersOf(`${dir}/${path}/cam4/action_label/${six(frame)}.txt`))
      const painted = labels.map(() => 0)
      for (const [, where, ...numbers] of lines.map((line) => line.split(' '))) {
        const [action, start, end, first, last] = numbers.map(Number) as [number, number, number, number, number]
        expect(where === path && (first !== 0 || last !== frames - 1 || painted.slice(start, end + 1).some((label) => label !== 0))).toBe(false)
        if (where === path) painted.fill(action, start, end + 1)
      }
      expect(painted).toEqual(labels)
      expect(Math.min(...labels)).toBe(0)
    }
  })

  test('have no column of actions on the test side, where only the frames\' own labels know', () => {
    const [header, ...lines] = linesOf(`${dir}/label_split/action_test.txt`)
    expect(header).toBe('id path start_act end_act start_frame end_frame')
    expect(new Set(lines.map((line) => line.split(' ').length))).toEqual(new Set([6]))
    const [, path, start, end] = lines[0]!.split(' ') as [string, string, string, string]
    const around = [Number(start) - 1, Number(start), Number(end), truth.sequences[2]!.frames - 1]
    const labels = around.map((frame) => numbersOf(`${dir}/${path}/cam4/action_label/${six(frame)}.txt`)[0])
    expect(labels).toEqual([0, truth.sequences[2]!.segments[0]!.action, truth.sequences[2]!.segments[0]!.action, 0])
  })
})

describe('the lists of poses', () => {
  test('name frames of cam4 in which both hands are annotated, in order, without 2 to 6 at either end and without gaps of 4 to 20', () => {
    const gaps: number[] = []
    for (const { path, side, frames } of truth.sequences) {
      const lines = linesOf(`${dir}/label_split/pose_${side}.txt`).filter((line) => line.startsWith(`${path}/cam4/rgb/`))
      const listed = lines.map((line) => Number(/\/cam4\/rgb\/(\d{6})\.png$/.exec(line)![1]))
      const ends = [listed[0]!, frames - 1 - listed.at(-1)!]
      expect([Math.min(...ends) >= 2, Math.max(...ends) <= 6]).toEqual([true, true])
      gaps.push(...listed.slice(1).map((frame, at) => frame - listed[at]! - 1).filter((length) => length !== 0))
      const flags = listed.flatMap((frame) => {
        const row = numbersOf(`${dir}/${path}/cam4/hand_pose/${six(frame)}.txt`)
        return [row[0]!, row[64]!]
      })
      expect(rowsOf(flags, 2).every(([left, right]) => left === 1 && right === 1)).toBe(true)
    }
    expect([gaps.length > 2, Math.min(...gaps) >= 4, Math.max(...gaps) <= 20]).toEqual([true, true, true])
  })
})
