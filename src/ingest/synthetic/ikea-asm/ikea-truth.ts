import { ToolkitError } from '../../../errors.ts'
import { randomAt } from '../../../random.ts'
import { cameraOf, type Device } from './ikea-camera.ts'
import type { Annotated, RecordedScan } from './ikea-database.ts'
import { FLAWED, flawsOf, type IkeaFlaw, recordFlawedPlan, recordPlan, SURPLUS } from './ikea-flaws.ts'
import { moveWorker } from './ikea-motion.ts'
import { labelsOf, planDeeds, type Stretch } from './ikea-plan.ts'
import { drawSetting, drawWorker, type ScanSetting } from './ikea-scan.ts'
import { clickJoints, cutView, drawKeyFrames, type IkeaView, liftJoints, seeWorker } from './ikea-view.ts'

/** One assembly, as it truly was and as it is written down. */
export type IkeaScan = ScanSetting & {
  readonly index: number
  /** `Lack_TV_Bench/0001_black_table_02_01_2019_08_16_14_00` */
  readonly path: string
  /** Frames with labels; dev3 may have filmed a few more. */
  readonly frames: number
  /** What is done when; nothing in between. */
  readonly stretches: readonly Stretch[]
  /** 0..32 per frame. */
  readonly labels: Uint8Array
  /** The database's rows for each camera, in the order of their ids. */
  readonly rows: readonly Annotated[]
  readonly annotationTime: number
  /** OpenPose's joints are written as 19, with zeros for the middle of the hips, instead of 25. */
  readonly joints19: boolean
  readonly views: Readonly<Record<Device, IkeaView>>
}

/** A twin of IKEA ASM before a byte of it is written. */
export type IkeaTruth = {
  readonly seed: number
  readonly scans: readonly IkeaScan[]
  /** A scan that only the database has; null = none. */
  readonly unlisted: RecordedScan | null
  /** All that is odd, if it was asked for. */
  readonly flaws: readonly IkeaFlaw[]
}

/** As many scans as the data set has. */
const MOST_SCANS = 371
const FRAMES = { least: 40, most: 160 }
/** The first scans are long enough for every flaw. */
const FRAMES_FLAWED = 90

/**
 * What happened in a twin of IKEA ASM and what is known about it: a pure function of its arguments, and the scans of a smaller twin are the first of a larger
 * one. Flaws lie in the first four scans and in the database. Throws E_TWIN_CLIPS for more scans than the data set has.
 */
export function ikeaTruth({ scans, seed, flaws }: { scans: number; seed: number; flaws: boolean }): IkeaTruth {
  if (!Number.isInteger(scans) || scans < 1 || scans > MOST_SCANS) {
    throw new ToolkitError('E_TWIN_CLIPS', `${scans} scans; a twin of ikea-asm has 1 to ${MOST_SCANS}`)
  }
  const drawn = Array.from({ length: scans }, (_, index) => drawScan(index, seed, flaws))
  const unlisted = flaws ? unlistedScan() : null
  const odd = [...drawn.flatMap((one) => one.flaws), ...(unlisted === null ? [] : [flawOf(unlisted)])]
  return { seed, scans: drawn.map(({ scan }) => scan), unlisted, flaws: odd }
}

function drawScan(index: number, seed: number, isFlawed: boolean): { scan: IkeaScan; flaws: readonly IkeaFlaw[] } {
  const random = randomAt({ seed, clip: `ikea-asm/${index}`, transform: 'twin' })
  const setting = drawSetting(index, random.fork('setting'), { isAllstar: isFlawed && index === FLAWED.allstar })
  const least = index < Object.keys(FLAWED).length ? FRAMES_FLAWED : FRAMES.least
  const frames = least + random.integer(FRAMES.most - least + 1)
  const planned = planDeeds(setting.folder, frames, random.fork('plan'))
  const plan = isFlawed ? recordFlawedPlan(index, planned, frames) : recordPlan(planned)
  const world = moveWorker(drawWorker(seed, setting.person), setting.place, { stretches: plan.stretches, frames: frames + SURPLUS }, random.fork('motion'))
  const see = (device: Device) => seeWorker(world, cameraOf(seed, setting.scene, device), random.fork(device))
  const seen = { dev1: see('dev1'), dev2: see('dev2'), dev3: see('dev3') }
  const keyFrames = drawKeyFrames(frames, random.fork('key frames'))
  const lifted = liftJoints(world, seen, keyFrames, random.fork('lifted'))
  const view = (device: Device): IkeaView => cutView({
    ...seen[device], lifted: lifted[device], manual: device === 'dev3' ? clickJoints(seen.dev3, keyFrames, random.fork('clicks')) : [],
  }, frames + (isFlawed && index === FLAWED.files && device === 'dev3' ? SURPLUS : 0))
  const scan: IkeaScan = {
    ...setting, index, path: `${setting.folder}/${setting.name}`, frames, stretches: plan.stretches, labels: labelsOf(plan.stretches, frames), rows: plan.rows,
    annotationTime: random.between(200, 1100), joints19: index % 3 === 1, views: { dev1: view('dev1'), dev2: view('dev2'), dev3: view('dev3') },
  }
  return { scan, flaws: isFlawed ? flawsOf(index, scan, plan, frames) : [] }
}

function unlistedScan(): RecordedScan {
  const rows = recordPlan([{ deed: [2, 2], start: 4, end: 18 }, { deed: [5, 1], start: 18, end: 22 }, { deed: [6, 1], start: 22, end: 40 }]).rows
  return { name: 'special_test', folder: 'Lack_Side_Table', frames: 50, annotationTime: 294.88674545288086, cameras: ['dev3'], rows }
}

function flawOf({ name, folder }: RecordedScan): IkeaFlaw {
  return { kind: 'unlisted-scan', path: 'ikea_annotation_db_full', scan: `${folder}/${name}`, frame: null, row: null }
}
