import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { ABSENT, type Clip, OBSERVED } from '../../../src/clip.ts'
import { sha256 } from '../../../src/hash.ts'
import type { FilmRead, Plan } from '../../../src/ingest/adapter.ts'
import { ikeaAsm } from '../../../src/ingest/adapters/ikea-asm/ikea-asm.ts'
import type { IkeaFacts } from '../../../src/ingest/adapters/ikea-asm/ikea-discover.ts'
import { cameraOf, type Device, devices } from '../../../src/ingest/synthetic/ikea-asm/ikea-camera.ts'
import { classes } from '../../../src/ingest/synthetic/ikea-asm/ikea-classes.ts'
import type { Finding, Found } from '../../../src/ingest/synthetic/ikea-asm/ikea-detections.ts'
import { type IkeaFlawKind, strike } from '../../../src/ingest/synthetic/ikea-asm/ikea-flaws.ts'
import { drawFilm } from '../../../src/ingest/synthetic/ikea-asm/ikea-pictures.ts'
import { six } from '../../../src/ingest/synthetic/ikea-asm/ikea-pose-files.ts'
import type { IkeaScan } from '../../../src/ingest/synthetic/ikea-asm/ikea-truth.ts'
import { type IkeaTruth, ikeaTruth, writeIkeaTwin } from '../../../src/ingest/synthetic/ikea-asm/ikea-twin.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { readClips } from '../../../src/store/index.ts'
import { contextOf, readFilms } from '../read-film.ts'

type Ingested = { readonly truth: IkeaTruth; readonly plan: Plan<IkeaFacts>; readonly films: readonly FilmRead[]; readonly stored: readonly Clip[] }

let entry: DatasetEntry
let plain: Ingested
let flawed: Ingested

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'ikea-asm')
  plain = await ingested(ikeaTruth({ scans: 2, seed: 7, flaws: false }))
  flawed = await ingested(ikeaTruth({ scans: 4, seed: 7, flaws: true }))
}, 60_000)

async function ingested(truth: IkeaTruth): Promise<Ingested> {
  const dir = mkdtempSync(join(tmpdir(), 'posetta-ikea-'))
  try {
    await writeIkeaTwin(dir, truth, { frames: false, video: false })
    for (const { kind, path } of truth.flaws) if (kind === 'surplus-frames' || kind === 'frame-gap') placePictures(dir, truth, path)
    const context = contextOf(entry, dir, { frames: truth.flaws.length > 0 ? 'reference' : 'none' })
    const films = await readFilms(ikeaAsm, context)
    const storeDir = join(dir, 'store')
    await ingest({ entry, rawDir: dir, storeDir, jobs: 1, limit: 4 })
    const ids = films.slice(0, 4).flatMap(({ clips }) => clips.map(({ id }) => id))
    return { truth, plan: await ikeaAsm.discover(context), films, stored: await readClips(storeDir, 'ikea-asm', ids, { raw: true }) }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** Pictures of the one film that a flaw is about, as the twin has them: drawing all of them takes a while. */
function placePictures(dir: string, truth: IkeaTruth, path: string): void {
  const [furniture, name, device] = path.split('/')
  const images = join(dir, furniture!, name!, device!, 'images')
  mkdirSync(images)
  for (const [frame, jpeg] of [...drawFilm(truth.seed, truth.scans.find((scan) => scan.path === `${furniture}/${name}`)!, device as Device)].entries()) {
    const file = join(images, `${six(frame)}.jpg`)
    const flaw = truth.flaws.find((flaw) => join(dir, flaw.path) === file)
    if (flaw === undefined || strike(flaw, jpeg) !== null) writeFileSync(file, jpeg)
  }
}

describe('a twin of IKEA ASM equals its truth, value by value', () => {
  test('in its films and their sources', () => {
    const sources = (device: Device): string[] => ['keypoint-rcnn-ft-all', ...(device === 'dev3' ? ['manual'] : []), 'openpose', 'pose3d']
    const expected = plain.truth.scans.flatMap(({ path }) =>
      devices.flatMap((device) => sources(device).map((source) => `ikea-asm/${path}/${device}#${source}`)))
    expect(clipsOf(plain).map(({ id }) => id).sort()).toEqual(expected.sort())
    expect(plain.plan).toMatchObject({ complete: false, hasFrames: false, quarantined: [], ignored: ['ColorIns.txt of 6 films'] })
    expect(plain.films.flatMap(({ quarantined }) => quarantined)).toEqual([])
  })

  test('as read and as it comes back from the store', () => {
    for (const one of [plain, flawed]) expect(one.stored).toEqual(one.films.slice(0, 4).flatMap(({ clips }) => clips))
  })

  test.each(['plain', 'flawed'] as const)('in its labels and settings: %s', (which) => {
    for (const { clip, scan, device } of byScan(which === 'plain' ? plain : flawed)) {
      expect(clip).toMatchObject({ dataset: 'ikea-asm', group: `ikea-asm/${scan.path}`, fps: 25, frames: scan.frames, width: 1920, height: 1080 })
      expect(clip.labels).toMatchObject({
        action: scan.folder, officialSplit: scan.side, subject: String(scan.person).padStart(4, '0'), scene: String(scan.scene).padStart(2, '0'),
        camera: device,
      })
      expect(labelsOf(clip)).toEqual([...scan.labels].map((label) => classes[label]))
      expect(clip.labels.segments.filter(({ track }) => track === 'annotation').map(({ start, end }) => [start, end])).toEqual(
        scan.rows.map(({ start, end }) => [start, Math.min(end, scan.frames)]).sort(([a], [b]) => a! - b!))
    }
  })

  test('in its cameras', () => {
    for (const { clip, scan, device } of byScan(plain)) {
      const { k, r, t } = cameraOf(plain.truth.seed, scan.scene, device)
      expect(clip.calibration).toEqual({
        fx: k[0], fy: k[4], cx: k[2], cy: k[5], width: 1920, height: 1080, distortion: [0, 0, 0, 0, 0], rotation: r.map(plusZero),
        translation: t.map(plusZero), unit: 'cm',
      })
    }
  })

  test('in the people that Keypoint R-CNN found, the worker first, logits through the logistic function', () => {
    for (const { clip, scan, device } of byScan(plain, 'keypoint-rcnn-ft-all')) {
      const findings = scan.views[device].keypointRcnn.slice(0, scan.frames)
      expect(clip.flags).toContain('scores-are-logits')
      expectPeople(clip, findings, (score) => 1 / (1 + Math.exp(-Math.fround(score))))
      const boxes = findings.flatMap(({ people, chosen }) => (chosen === null ? [NaN, NaN, NaN, NaN] : people[chosen]!.box))
      expect(clip.boxes).toEqual(Float32Array.from(boxes))
    }
  })

  test('in the people that OpenPose found, with 25 joints or 19', () => {
    for (const { clip, scan, device } of byScan(plain, 'openpose')) {
      expect(clip).toMatchObject({ skeleton: scan.joints19 ? 'body-19' : 'body-25', boxes: null })
      const cut = ({ keypoints, ...rest }: Found): Found =>
        ({ ...rest, keypoints: scan.joints19 ? [...keypoints.slice(0, 24), 0, 0, 0, ...keypoints.slice(27, 57)] : keypoints })
      const findings = scan.views[device].openPose.slice(0, scan.frames).map(({ people, chosen }) => ({ people: people.map(cut), chosen }))
      expectPeople(clip, findings, (score) => Math.min(1, Math.max(0, Math.fround(score))))
    }
  })

  test('in the joints that annotators clicked, and in those lifted to three dimensions', () => {
    for (const [source, dims, films] of [['manual', 2, 2], ['pose3d', 3, 6]] as const) {
      expect(byScan(plain, source)).toHaveLength(films)
      for (const { clip, scan, device } of byScan(plain, source)) {
        const marked = new Map(scan.views[device][source === 'manual' ? 'manual' : 'lifted'].map(({ frame, keypoints }) => [frame, keypoints]))
        const confidence = (score: number): number => (dims === 2 ? score / 3 : Math.min(1, Math.max(0, Math.fround(score))))
        expectPeople(clip, Array.from({ length: scan.frames }, (_, frame) => {
          const keypoints = marked.get(frame)
          return keypoints === undefined ? { people: [], chosen: null } : { people: [{ keypoints, box: [], score: 1 }], chosen: 0 }
        }), confidence)
      }
    }
  })

  test('in its pictures', () => {
    const { images, clips: [clip] } = filmAt(flawed, flawed.truth.flaws.find(({ kind }) => kind === 'surplus-frames')!.path)
    const drawn = [...drawFilm(flawed.truth.seed, scanOf(flawed, clip!), 'dev3')]
    expect(images!.map(({ hash }) => hash)).toEqual(drawn.slice(0, clip!.frames).map((jpeg) => `sha256:${sha256(jpeg)}`))
  })
})

describe('every planted flaw is handled and told', () => {
  test('the split, the labels and the lists agree all the same', () => {
    expect(flawed.plan.quarantined).toEqual([])
    expect(clipsOf(flawed).flatMap(({ flags }) => flags).filter((flag) => flag.includes('disagree'))).toEqual([])
  })

  test.each<readonly [IkeaFlawKind, string]>([
    ['ending-beyond-film', 'annotation-beyond-film'], ['overlapping-rows', 'annotations-overlap'], ['rows-out-of-order', 'annotations-overlap'],
    ['unlisted-pair', 'annotation-without-class'], ['allstar-name', 'scan-name-outside-grammar'],
  ])('%s: %s', (kind, flag) => {
    const scans = new Set(flawed.truth.flaws.filter((flaw) => flaw.kind === kind).map(({ scan }) => `ikea-asm/${scan}`))
    const flagged = clipsOf(flawed).filter(({ group, flags }) => scans.has(group) && flags.includes(flag))
    expect(flagged).toHaveLength(10 * scans.size)
    expect(scans.size).toBeGreaterThan(0)
  })

  test('surplus frames: left out of poses and pictures', () => {
    const path = flawed.truth.flaws.find(({ kind }) => kind === 'surplus-frames')!.path
    const film = filmAt(flawed, path)
    expect(film.images).toHaveLength(film.clips[0]!.frames)
    const flags = (source: string): readonly string[] => film.clips.find((clip) => clip.source === source)!.flags
    expect([flags('openpose').includes('frames-beyond-labels'), flags('manual').includes('frames-beyond-labels')]).toEqual([true, false])
    expect(flags('manual')).toContain('frame-count-mismatch')
  })

  test('a pose file that is missing, cut in half or of sixteen joints: its frame has no joint', () => {
    for (const kind of ['missing-pose-file', 'truncated-json', 'sixteen-joints'] as const) {
      const { path, frame } = flawed.truth.flaws.find((flaw) => flaw.kind === kind)!
      const film = filmAt(flawed, path.split('/').slice(0, 3).join('/'))
      const { states, persons, joints, flags } = film.clips.find(({ source }) => source === 'keypoint-rcnn-ft-all')!
      const own = states!.subarray(frame! * persons * joints, (frame! + 1) * persons * joints)
      expect([...new Set(own)]).toEqual([ABSENT])
      const lost = film.quarantined.filter(({ source }) => source === path).map(({ code }) => code)
      expect([lost, flags.includes('frames-quarantined')]).toEqual({
        'missing-pose-file': [[], false], 'truncated-json': [['E_JSON_SYNTAX'], true], 'sixteen-joints': [['E_IKEA_JOINTS'], true],
      }[kind])
    }
    expect(flawed.films.flatMap(({ quarantined }) => quarantined)).toHaveLength(2)
  })

  test('a picture that is missing: the film is flagged', () => {
    const film = filmAt(flawed, flawed.truth.flaws.find(({ kind }) => kind === 'frame-gap')!.path.split('/').slice(0, 3).join('/'))
    expect(film.clips[0]!.flags).toContain('frame-count-mismatch')
  })

  test('a scan in no list, a single frame, a misspelt name, a summary among the poses: passed by', () => {
    expect(flawed.plan.ignored).toContain('Lack_Side_Table/special_test: 50 frames and 3 annotations in ikea_annotation_db_full, on neither side of the split')
    const { scan, frame } = flawed.truth.flaws.find(({ kind }) => kind === 'one-frame-run')!
    const clip = clipsOf(flawed).find(({ group }) => group === `ikea-asm/${scan}`)!
    expect(clip.labels.segments.filter(({ track, start, end }) => track === 'action' && start === frame && end === frame! + 1)).toHaveLength(1)
    expect(clipsOf(flawed).filter(({ labels }) => labels.action === 'Lack_Coffee_Table')).toHaveLength(10)
    expect(clipsOf(flawed)).toHaveLength(40)
  })
})

/** JSON knows no -0. */
function plusZero(value: number): number {
  return value + 0
}

/** Every joint of every person of every frame, and nothing but absent joints beside. */
function expectPeople(clip: Clip, findings: readonly Finding[], confidenceOf: (score: number) => number): void {
  const { persons, joints, dims, keypoints, states, raw } = clip
  const expected = { keypoints: keypoints!.slice().fill(NaN), states: states!.slice().fill(ABSENT), raw: raw!.slice().fill(NaN) }
  for (let at = dims; at < keypoints!.length; at += dims + 1) expected.keypoints[at] = 0
  for (const [frame, { people, chosen }] of findings.entries()) {
    const ordered = chosen === null ? people : [people[chosen]!, ...people.filter((_, at) => at !== chosen)]
    for (const [person, found] of ordered.entries()) {
      for (let joint = 0; joint < joints; joint++) {
        const numbers = found.keypoints.slice(joint * (dims + 1), (joint + 1) * (dims + 1))
        const at = (frame * persons + person) * joints + joint
        expected.raw.set(numbers.slice(0, dims), at * dims)
        if (numbers.every((value) => value === 0)) continue
        expected.states[at] = OBSERVED
        expected.keypoints.set([...numbers.slice(0, dims), confidenceOf(numbers[dims]!)], at * (dims + 1))
      }
    }
    if (chosen === null && clip.source === 'keypoint-rcnn-ft-all') expected.raw.fill(0, frame * persons * joints * dims, (frame * persons + 1) * joints * dims)
  }
  expect(persons).toBe(Math.max(1, ...findings.map(({ people }) => people.length)))
  expect(states).toEqual(expected.states)
  expect(raw).toEqual(expected.raw)
  expect(keypoints).toEqual(expected.keypoints)
}

function clipsOf({ films }: Ingested): Clip[] {
  return films.flatMap(({ clips }) => clips)
}

function scanOf({ truth }: Ingested, { group }: Clip): IkeaScan {
  return truth.scans.find(({ path }) => group === `ikea-asm/${path}`)!
}

function byScan(of: Ingested, source?: string): { clip: Clip; scan: IkeaScan; device: Device }[] {
  const clips = clipsOf(of).filter((clip) => source === undefined || clip.source === source)
  return clips.map((clip) => ({ clip, scan: scanOf(of, clip), device: clip.labels.camera as Device }))
}

function filmAt({ films }: Ingested, path: string): FilmRead {
  return films.find(({ clips }) => clips[0]!.id.startsWith(`ikea-asm/${path}#`))!
}

function labelsOf({ frames, labels }: Clip): (string | undefined)[] {
  const own = Array.from<string | undefined>({ length: frames })
  for (const { track, start, end, label } of labels.segments) if (track === 'action') own.fill(label, start, end)
  return own
}
