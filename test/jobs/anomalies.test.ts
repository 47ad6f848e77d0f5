import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import { phasesOf } from '../../src/eval/phases.ts'
import { boxed } from '../../src/eval/views.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { listTwinVideos, writePennVideo } from '../../src/ingest/synthetic/penn-action/penn-twin.ts'
import { anomaliesJob } from '../../src/jobs/anomalies.ts'
import { hashSides } from '../../src/split.ts'
import { readClips, readManifest, writeClips, writeSplit } from '../../src/store/index.ts'
import { selectFrames } from '../../src/transforms/index.ts'

/** Twins of jumping jacks as references, and others of them as they are and with something planted. */
const [REFERENCES, TESTED] = [12, 1]
let places: { storeDir: string; runsDir: string }
let tested: string[]
let middles: number[]

/** Without the frames of one phase. */
const without = (clip: Clip, phase: number): Clip => selectFrames(clip, Array.from(phasesOf(clip)!.phases.keys()).filter((t) => phasesOf(clip)!.phases[t] !== phase))

/** With twelve frames of another clip in its middle, in a box of the same size. */
function spliced(clip: Clip, other: Clip): Clip {
  const [own, foreign, at] = [boxed(clip), boxed(other), clip.frames >> 1]
  const made = selectFrames(own, [...Array(at).keys(), ...Array<number>(12).fill(at), ...Array.from({ length: clip.frames - at }, (_, t) => at + t)])
  const inserted = foreign.keypoints!.slice(0, 12 * 39).map((value, i) => (i % 3 === 2 ? value : (value * own.width) / foreign.width))
  const keypoints = made.keypoints!.slice()
  keypoints.set(inserted, at * 39)
  return { ...made, keypoints }
}

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posetta-anomalies-'))
  const entry = entryOf(await readCatalog(), 'penn-action')
  const videos = (action: string, count: number) => listTwinVideos(entry).filter((video) => video.action === action).slice(0, count)
  for (const video of [...videos('jumping_jacks', REFERENCES + TESTED), ...videos('pushup', TESTED)]) writePennVideo(entry, join(folder, 'raw'), video, { seed: 1, frames: false })
  await ingest({ entry, rawDir: join(folder, 'raw'), storeDir: join(folder, 'twins'), jobs: 1 })
  const clips = await readClips(join(folder, 'twins'), 'penn-action')
  const [jacks, others] = [clips.filter(({ labels }) => labels.action === 'jumping_jacks'), clips.filter(({ labels }) => labels.action === 'pushup')]
  const clean = jacks.slice(REFERENCES)
  const planted = clean.flatMap((clip, i) => Object.entries({ start: without(clip, 0), end: without(clip, 3), foreign: spliced(clip, others[i]!) })
    .map(([name, made]) => ({ ...made, id: `${clip.id}-${name}`, group: `${clip.id}-${name}` })))
  places = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
  await writeClips({ storeDir: places.storeDir, dataset: 'penn-action', skeletons: entry.skeletons, clips: [...jacks, ...planted] })
  const sides = { train: jacks.slice(0, REFERENCES).map(({ id }) => id), test: [...clean, ...planted].map(({ id }) => id).sort() }
  await writeSplit(places.storeDir, { name: 'official', dataset: 'penn-action', query: 'made', groupKey: 'group_id', seed: 0, salt: '0', sides, hash: hashSides(sides) },
    (await readManifest(places.storeDir, 'penn-action')).root)
  tested = clean.map(({ id }) => id)
  middles = clean.map(({ frames }) => frames >> 1)
})

const look = (clip: string) => anomaliesJob({ ...places, encoder: 'baseline/coordinates-velocity', clip, references: [], most: 40, nearest: 3, level: 0.1 })
const missingOf = async (clip: string) => (await look(clip)).steps!.steps.flatMap(({ label, state }) => (state === 'missing' ? [label] : []))

test('a clean twin is not flagged', async () => {
  for (const clip of tested) expect(await look(clip)).toMatchObject({ isAnomalous: false, segments: [], limit: { chance: 1 / 13 } })
})

test('a twin without its first or last step lacks just that step', async () => {
  for (const clip of tested) expect([await missingOf(`${clip}-start`), await missingOf(`${clip}-end`)]).toEqual([['start'], ['hands at shoulders (down)']])
})

test('frames of another action are found where they were spliced in', async () => {
  for (const [i, clip] of tested.entries()) {
    const { segments, frames } = await look(`${clip}-foreign`)
    const [start, end] = [middles[i]!, middles[i]! + 12]
    expect(segments.some((segment) => segment.kind === 'unknown' && segment.start < end && segment.end > start)).toBe(true)
    const { frame } = frames.reduce((most, one) => (one.score > most.score ? one : most))
    expect(frame >= start && frame < end).toBe(true)
  }
})

test('fewer than four references, none, or one twice, are refused with the way out', async () => {
  const asked = { ...places, encoder: 'baseline/coordinates', clip: tested[0]!, references: tested, most: 40, nearest: 3, level: 0.05 }
  await expect(anomaliesJob(asked)).rejects.toMatchObject({ code: 'E_FEW_REFERENCES', message: '1 reference: at least 4 are needed to tell what is usual' })
  await expect(anomaliesJob({ ...asked, references: [...tested, ...tested] })).rejects.toMatchObject({ code: 'E_USAGE', message: expect.stringContaining(`"${tested[0]!}" is named twice`) as unknown })
  await expect(anomaliesJob({ ...asked, references: [], split: 'mine' })).rejects.toMatchObject({ code: 'E_SPLIT_UNKNOWN' })
})
