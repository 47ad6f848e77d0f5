import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../../src/catalog.ts'
import { ABSENT, type Clip, OBSERVED, type TrackSegment } from '../../../src/clip.ts'
import type { FilmRead, Plan } from '../../../src/ingest/adapter.ts'
import { h2o } from '../../../src/ingest/adapters/h2o/h2o.ts'
import type { H2oCamera } from '../../../src/ingest/synthetic/h2o/h2o-camera.ts'
import type { H2oSequence } from '../../../src/ingest/synthetic/h2o/h2o-truth.ts'
import { h2oTruth, writeH2oTwin } from '../../../src/ingest/synthetic/h2o/h2o-twin.ts'
import { type H2oView, viewH2o } from '../../../src/ingest/synthetic/h2o/h2o-view.ts'
import { contextOf } from '../read-film.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-h2o-twin-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.each([
  ['as it should be, of three sequences and five cameras', { sequences: 3, seed: 8, cameras: 'all', flaws: false }],
  ['with every flaw, of six sequences of cam4', { sequences: 6, seed: 9, cameras: 'ego', flaws: true }],
] as const)('a twin %s', (_, options) => {
  const truth = h2oTruth(options)
  const rawDir = join(folder, `${options.seed}`)
  const films = new Map<string, FilmRead>()
  let plan: Plan
  beforeAll(async () => {
    await writeH2oTwin(rawDir, truth, { frames: false })
    const context = contextOf(entryOf(await readCatalog(), 'h2o'), rawDir)
    plan = await h2o.discover(context)
    for (const item of plan.items) films.set(item.id, await h2o.read(context, item as Parameters<typeof h2o.read>[1]))
  })
  type Seen = { readonly sequence: H2oSequence; readonly camera: H2oCamera; readonly view: H2oView }
  const views = truth.sequences.flatMap((sequence) => truth.cameras.map((camera): Seen => ({ sequence, camera, view: viewH2o(sequence, camera) })))
  const eachView = (check: (seen: Seen & { readonly clips: readonly [Clip, Clip] }) => void): void => {
    for (const seen of views) check({ ...seen, clips: films.get(`h2o/${seen.sequence.path}/cam${seen.camera}`)!.clips as unknown as readonly [Clip, Clip] })
  }

  test('has every sequence and camera as two clips, and nothing beside them', () => {
    expect([...films.keys()]).toEqual(truth.sequences.flatMap(({ path }) => truth.cameras.map((camera) => `h2o/${path}/cam${camera}`)).sort())
    expect([plan.ignored, plan.quarantined]).toEqual([[], []])
    eachView(({ clips, sequence }) => expect(clips.map(({ dims, frames }) => [dims, frames])).toEqual([[2, sequence.frames], [3, sequence.frames]]))
  })

  test('has every joint in metres and in px, absent where no hand is annotated or the file cannot be read', () => {
    eachView(({ sequence, camera, clips: [flat, spatial], view }) => {
      const [fx, fy, cx, cy] = view.intrinsics as [number, number, number, number]
      const [states, metres, metresRaw, pixels]: [number[], number[], number[], number[]] = [[], [], [], []]
      for (let cell = 0; cell < sequence.frames * 42; cell++) {
        const [frame, joint] = [Math.floor(cell / 42), cell % 42]
        const isRead = camera !== 4 || (frame !== sequence.quirks.shortRow && frame !== sequence.quirks.word)
        const isThere = isRead && view.handFlags[2 * frame + (joint < 21 ? 0 : 1)]! > 0
        const [x, y, z] = view.hands.subarray(3 * cell, 3 * cell + 3) as unknown as [number, number, number]
        states.push(isThere ? OBSERVED : ABSENT)
        metres.push(...(isThere ? [x, y, z, 1] : [NaN, NaN, NaN, 0]))
        metresRaw.push(...(isThere ? [x, y, z] : isRead ? [0, 0, 0] : [NaN, NaN, NaN]))
        pixels.push(...(isThere && z > 0.05 ? [(fx * x) / z + cx, (fy * y) / z + cy, 1] : [NaN, NaN, 0]))
      }
      expect(spatial.states).toEqual(Uint8Array.from(states))
      expect(spatial.keypoints).toEqual(Float32Array.from(metres))
      expect(spatial.raw).toEqual(Float32Array.from(metresRaw))
      expect(flat.keypoints).toEqual(Float32Array.from(pixels))
      expect(Object.values(flat.calibration!).slice(0, 6)).toEqual(view.intrinsics)
    })
  })

  test('has every number beside the joints', () => {
    eachView(({ sequence, camera, clips: [, { signals }], view }) => {
      const { quirks } = sequence
      const rows: number[] = []
      for (let frame = 0; frame < sequence.frames; frame++) {
        const isHandRead = camera !== 4 || (frame !== quirks.shortRow && frame !== quirks.word)
        const flags = [view.handFlags[2 * frame]!, view.handFlags[2 * frame + 1]!]
        rows.push(...(isHandRead ? flags : [NaN, NaN]))
        for (const [side, flag] of flags.entries()) {
          const hand = 2 * frame + side
          rows.push(flag, ...Array.from(view.mano.subarray(hand * 61, (hand + 1) * 61), (value) => (flag === 1 ? value : 0)))
        }
        const object = [sequence.objectClasses[frame]!, ...view.objectPoints.subarray(frame * 63, (frame + 1) * 63)]
        rows.push(...(camera === 4 && frame === quirks.missing ? object.map(() => NaN) : object))
        rows.push(...view.objectPoses.subarray(frame * 16, (frame + 1) * 16), ...view.cameraPoses.subarray(frame * 16, (frame + 1) * 16))
      }
      expect(signals!.names).toHaveLength(222)
      expect(signals!.values).toEqual(Float32Array.from(rows))
    })
  })

  test('has every label: actions, verbs, objects, the pose list, the side', () => {
    eachView(({ sequence, camera, clips: [{ labels }] }) => {
      const { quirks } = sequence
      const perFrame = (track: string, read: (segment: TrackSegment) => number | null): (number | null)[] =>
        Array.from({ length: sequence.frames }, (_, frame) => {
        const found = labels.segments.find((segment) => segment.track === track && segment.start <= frame && frame < segment.end)
        return found === undefined ? null : read(found)
      })
      const files = sequence.actions.map((action, frame) => (frame === quirks.disagreeing ? (action % 36) + 1 : action))
      const whereHead = (values: readonly number[]): (number | null)[] => values.map((value) => (camera === 4 ? value : null))
      expect(perFrame('action', ({ number }) => number ?? -1))
        .toEqual(sequence.actions.map((action) => (action === 0 ? null : sequence.side === 'test' ? -1 : action)))
      expect(perFrame('action-frames', ({ number }) => number)).toEqual(whereHead(files))
      expect(perFrame('verb', ({ number }) => number)).toEqual(whereHead(sequence.verbs))
      expect(perFrame('object', ({ number }) => number))
        .toEqual(sequence.objectClasses.map((object, frame) => (camera === 4 && frame === quirks.missing ? null : object)))
      expect(perFrame('pose', () => 1)).toEqual(sequence.actions.map((__, frame) => (camera === 4 && sequence.listed.includes(frame) ? 1 : null)))
      expect(labels).toMatchObject({ officialSplit: { train: 'train', val: 'validation', test: 'test' }[sequence.side], subject: `subject${sequence.subject}`,
        scene: sequence.scene })
    })
  })

  test('has a file behind every number', () => {
    eachView(({ sequence, camera, clips: [, spatial] }) => {
      const own = spatial.files.filter(({ role, frame }) => role !== 'annotations' && frame !== null)
      const { quirks } = sequence
      const unread = [quirks.shortRow, quirks.word, quirks.missing].filter((frame) => frame !== null)
      expect(own).toHaveLength(sequence.frames * (camera === 4 ? 7 : 5) - unread.length)
      expect(own.every(({ path, frame }) => path.endsWith(`/${String(frame).padStart(6, '0')}.txt`))).toBe(true)
    })
  })

  test('has each flaw found where it is, and nothing else', () => {
    const codes = { 'short-row': 'E_TEXT_COUNT', 'word-in-row': 'E_TEXT_NUMBER', 'missing-file': 'E_H2O_MISSING', 'label-disagrees': 'E_H2O_DISAGREE' } as const
    const planted = truth.flaws.flatMap(({ name, path }) => (name in codes
      ? [`${codes[name as keyof typeof codes]} ${name === 'label-disagrees' ? path.replace(/\/\d+\.txt$/, '') : path}`] : []))
    expect([...films.values()].flatMap(({ quarantined }) => quarantined.map(({ code, source }) => `${code} ${source}`)).sort()).toEqual(planted.sort())
    expect(planted).toHaveLength(options.flaws ? 4 : 0)
    eachView(({ sequence: { quirks }, clips }) => {
      for (const { flags } of clips) {
        expect(flags.includes('frames-quarantined')).toBe([quirks.shortRow, quirks.word, quirks.missing].some((frame) => frame !== null))
        expect(flags.includes('labels-disagree')).toBe(quirks.disagreeing !== null)
        expect(flags.filter((flag) => ['frame-count-mismatch', 'split-by-rule', 'no-observed-joint'].includes(flag))).toEqual([])
      }
    })
  })
})
