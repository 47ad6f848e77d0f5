import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type IkeaTruth, ikeaTruth, writeIkeaTwin } from '../../../src/ingest/synthetic/ikea-asm/ikea-twin.ts'
import { pythonWith, runPython } from '../../python.ts'
import { newFolder } from './ikea-folder.ts'
import { readLabels } from './ikea-python.ts'

const python = pythonWith('numpy', 'sqlite3')
const truth = ikeaTruth({ scans: 5, seed: 4, flaws: true })
const dir = newFolder()

beforeAll(async () => {
  await writeIkeaTwin(dir, truth, { frames: false, video: false })
})

describe('a flawed twin', () => {
  test('has every oddity of the published data set, and says where', () => {
    expect(truth.flaws.map(({ kind, scan }) => `${kind} ${truth.scans.findIndex(({ path }) => path === scan)}`)).toEqual([
      'overlapping-rows 0', 'ending-beyond-film 0', 'unlisted-pair 1', 'unlisted-pair 1', 'surplus-frames 1', 'missing-pose-file 1', 'one-frame-run 2',
      'rows-out-of-order 2', 'allstar-name 2', 'misspelt-furniture 3', 'truncated-json 3', 'sixteen-joints 3', 'summary-file 3', 'frame-gap 3',
      'unlisted-scan -1'])
  })

  test.each([1, 4, 9])('bears its flaws in any draw, seed %i', (seed) => {
    const { scans, flaws } = ikeaTruth({ scans: 4, seed, flaws: true })
    expect(flaws).toHaveLength(15)
    const seen = new Map(flaws.filter(({ row }) => row !== null).map(({ kind, scan, frame, row }) => {
      const { rows, frames, labels } = scans.find(({ path }) => path === scan)!
      const [own, next] = [rows[row!]!, rows[row! + 1]]
      return [kind, { own, next, frame: frame!, frames, around: [...labels.subarray(frame! - 1, frame! + 4)] }] as const
    }))
    const of = (kind: Kind) => seen.get(kind)!
    expect([of('overlapping-rows').next!.start, of('overlapping-rows').own.end - of('overlapping-rows').frame]).toEqual([of('overlapping-rows').frame, 3])
    expect(of('ending-beyond-film').own.end).toBe(of('ending-beyond-film').frames + 1)
    expect(of('unlisted-pair').around).toEqual([0, 0, 0, 0, 0])
    expect(of('one-frame-run').around.slice(0, 3).map((label) => label === 0)).toEqual([false, true, false])
    expect(of('rows-out-of-order').own.start - of('rows-out-of-order').next!.start).toBeGreaterThan(0)
  })

  test.skipIf(python === null)('is labelled by the authors\' loop as the truth says', () => {
    const labels = Object.fromEntries(truth.scans.map((scan) => [scan.path, [...scan.labels]]))
    expect(JSON.parse(runPython(python!, readLabels, JSON.stringify({ dir, labels })))).toEqual([15, ['Lack_Side_Table/special_test/dev3/images']])
  })

  test('has the scan named after a person on the other side of its scene', () => {
    const { name, side, scene, views } = scanOf('allstar-name')
    expect(name).toMatch(/^\d{4}_(?:white|black|oak)_(?:floor|table)_02_01_2019_08_14_09_02_Allstar_Richard_Hartley$/)
    expect([side, scene, views.dev3.camera]).toEqual(['test', 2, truth.scans.find((scan) => scan.scene === 2)!.views.dev3.camera])
  })

  test('films three frames more from above than there are labels', () => {
    const { path, frames, labels, views } = scanOf('surplus-frames')
    expect([labels.length, views.dev1.frames, views.dev2.frames, views.dev3.frames]).toEqual([frames, frames, frames, frames + 3])
    expect(existsSync(`${dir}/${path}/dev3/predictions/pose2d/openpose/scan_video_${String(frames + 2).padStart(12, '0')}_keypoints.json`)).toBe(true)
    expect(existsSync(`${dir}/${path}/dev1/predictions/pose2d/openpose/scan_video_${String(frames).padStart(12, '0')}_keypoints.json`)).toBe(false)
  })

  test('lacks one file of poses, breaks one off, and has one of 16 joints', () => {
    expect(existsSync(`${dir}/${pathOf('missing-pose-file')}`)).toBe(false)
    expect(() => JSON.parse(readFileSync(`${dir}/${pathOf('truncated-json')}`, 'utf8')) as unknown).toThrow(SyntaxError)
    type People = { people: { pose_keypoints_2d: number[]; keypoint_visibility: number[] }[] }
    const { people } = JSON.parse(readFileSync(`${dir}/${pathOf('sixteen-joints')}`, 'utf8')) as People
    expect([people[0]!.pose_keypoints_2d.length, people[0]!.keypoint_visibility.length]).toEqual([48, 17])
  })

  test('has a summary beside the files of OpenPose', () => {
    const summary = JSON.parse(readFileSync(`${dir}/${pathOf('summary-file')}`, 'utf8')) as { keypoints: number[] }[]
    expect([Array.isArray(summary), summary[0]!.keypoints.length]).toEqual([true, 51])
  })

  test('and an unflawed one of the same seed differ in their first four scans only', () => {
    const plain = ikeaTruth({ scans: 5, seed: 4, flaws: false })
    expect([plain.flaws, plain.unlisted]).toEqual([[], null])
    expect(plain.scans.map((scan, at) => scan.name === truth.scans[at]!.name)).toEqual([true, true, false, true, true])
    expect(truth.scans[4]).toEqual(plain.scans[4])
  })
})

type Kind = IkeaTruth['flaws'][number]['kind']

function scanOf(kind: Kind): IkeaTruth['scans'][number] {
  const { scan } = truth.flaws.find((flaw) => flaw.kind === kind)!
  return truth.scans.find(({ path }) => path === scan)!
}

function pathOf(kind: Kind): string {
  return truth.flaws.find((flaw) => flaw.kind === kind)!.path
}
