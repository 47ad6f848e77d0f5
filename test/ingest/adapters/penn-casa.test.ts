import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { sha256 } from '../../../src/hash.ts'
import type { FilmRead, Plan } from '../../../src/ingest/adapter.ts'
import { pennAction } from '../../../src/ingest/adapters/penn-action/penn-action.ts'
import type { PennFacts } from '../../../src/ingest/adapters/penn-action/penn-discover.ts'
import { writeNpy } from '../../../src/ingest/synthetic/npy-writer.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { readClips } from '../../../src/store/index.ts'
import { temporaryFolder } from '../../store/folder.ts'
import { shared } from '../../shared.ts'
import { contextOf } from '../read-film.ts'
import { casaNpy, floats, integers, type Numbers } from './casa-npy.ts'
import { labelFile, phaseFile, rawFolder, text } from './penn-folder.ts'

type Files = Parameters<typeof rawFolder>[0]

let entry: DatasetEntry
const label = { 'labels/0001.mat': labelFile() }
const path = 'npyrecords/pullups_val.npy'
const video = (...labels: readonly number[]): Record<string, Numbers> => ({
  pose: floats([labels.length, 66]), labels: integers(...labels), beta: floats([labels.length, 10], (cell) => 0.5 - cell) })

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'penn-action')
})

describe('CASA\'s file', () => {
  test('makes a second clip of the film: no joints, 66 + 10 signals, the same labels', async () => {
    const bytes = casaNpy({ '0001': video(0, 0, 0, 1) })
    const { clips: [clip, bodies], quarantined } = await read({ ...label, [path]: bytes })
    const phases = [{ start: 0, end: 3, label: 'start' }, { start: 3, end: 4, label: 'chin above bar' }]
    expect([clip!.id, clip!.signals, clip!.labels.phases, clip!.labels.sides, clip!.flags]).toEqual(['penn-action/0001', null, phases, { casa: 'test' }, []])
    expect(bodies).toEqual({
      ...clip, id: 'penn-action/0001#casa', skeleton: null, joints: 0, dims: 3, unit: 'm', source: 'frankmocap', keypoints: null, states: null, raw: null,
      boxes: null, signals: bodies!.signals, files: bodies!.files })
    expect(bodies!.signals!.names.filter((_, at) => at % 65 < 2)).toEqual(['casa_pose_00', 'casa_pose_01', 'casa_pose_65', 'casa_beta_0'])
    expect([bodies!.signals!.names.length, ...bodies!.signals!.values.subarray(76 + 65, 76 + 68)]).toEqual([76, 131 / 8, -9.5, -10.5])
    const file = { path, bytes: bytes.length, sha256: sha256(bytes), frame: null, place: '[\'0001\']' }
    expect(bodies!.files).toEqual([clip!.files[0], { ...file, role: 'phases' }, { ...file, role: 'annotations' }])
    expect([clip!.files.length, quarantined]).toEqual([2, []])
  })

  test('goes through the store and back', async () => {
    const storeDir = await temporaryFolder()
    const folder = rawFolder({ ...label, [path]: casaNpy({ '0001': video(0, 0, 1, 1) }) })
    expect(await ingest({ entry, rawDir: folder, storeDir, jobs: 1 })).toMatchObject({ clips: 2, frames: 8, quarantined: [] })
    const { clips } = await read({ ...label, [path]: casaNpy({ '0001': video(0, 0, 1, 1) }) })
    expect(await readClips(storeDir, 'penn-action', undefined, { raw: true })).toEqual(clips)
  })

  test('names the phases only where TCC\'s own do not, and says where they differ', async () => {
    const { clips, quarantined } = await read({ ...label, ...phaseFile([0, 0, 1, 1]), [path]: casaNpy({ '0001': video(0, 1, 1, 1) }) })
    expect(clips).toMatchObject([0, 1].map(() => ({ labels: { sides: { tcc: 'test', casa: 'test' }, phases: [{ end: 2 }, { start: 2 }] } })))
    expect(clips[0]!.flags).toEqual(['phases-disagree'])
    expect(quarantined).toMatchObject([{ source: `${path}#['0001']`, code: 'E_PENN_PHASES',
      message: `penn_action_labels/val/pullups/0001.npy and ['0001'] of ${path} differ from frame 1 on: phase 0 and phase 1` }])
  })

  test('may put a video on another side than TCC does: it is another split', async () => {
    const { clips, quarantined } = await read({ ...label, ...phaseFile([0, 0, 1, 1]), 'npyrecords/pullups_train.npy': casaNpy({ '0001': video(0, 0, 1, 1) }) })
    expect([clips[0]!.labels.sides, clips[0]!.flags, quarantined]).toEqual([{ tcc: 'test', casa: 'train' }, [], []])
  })

  test('keeps its own number of frames, over which phases are spread', async () => {
    const { clips: [clip, bodies] } = await read({ ...label, ...phaseFile([0, 0, 1, 1]), [path]: casaNpy({ '0001': video(0, 0, 0, 1, 1, 1) }) })
    expect([clip!.frames, clip!.labels.phases!.map(({ end }) => end), clip!.flags]).toEqual([4, [2, 4], []])
    expect([bodies!.frames, bodies!.labels.phases!.map(({ end }) => end), bodies!.flags]).toEqual([6, [3, 6], ['frame-count-mismatch']])
    expect([...bodies!.time]).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('is looked for by name; what else lies there, and videos without labels, are named', async () => {
    const plan = await discover({ ...label, [path]: casaNpy({ '0001_pullups': video(0), '1200': video(0) }), 'npyrecords/kallax_shelf_drawer_val.npy': '' })
    expect(plan.items[0]).toMatchObject({ facts: { casa: { path, name: '0001_pullups' } }, inputs: ['labels/0001.mat', path] })
    expect([plan.ignored, plan.missing]).toEqual([
      ['npyrecords/kallax_shelf_drawer_val.npy', `${path}: 1 of 2 videos have no label file, the first "1200"`], ['frames']])
  })

  test('with a video in two of them is refused', async () => {
    const other = 'npyrecords/pullups_train.npy'
    await expect(discover({ ...label, [path]: casaNpy({ '0001': video(0) }), [other]: casaNpy({ '0001': video(0) }) })).rejects.toMatchObject({
      code: 'E_CASA_FILE', message: `video 0001 twice: in ${other} and in ${path}` })
  })

  test.skipIf(shared === null)('is read as numpy reads it: the sample', async () => {
    const sample = readFileSync(`${shared}/data/tiny-raw/casa/npyrecords/tennis_serve_train.npy`)
    const folder = rawFolder({ 'labels/2141.mat': labelFile({ action: text('action', 'tennis_serve') }) })
    mkdirSync(join(folder, 'npyrecords'))
    writeFileSync(join(folder, 'npyrecords/tennis_serve_train.npy'), sample)
    const context = contextOf(entry, folder)
    const { clips: [, bodies], quarantined } = await pennAction.read(context, (await pennAction.discover(context)).items[0]!)
    expect([bodies!.frames, bodies!.labels.phases!.map(({ end }) => end), quarantined]).toEqual([32, [10, 18, 23, 32], []])
    // numpy.load(..., allow_pickle=True).item()['2141']: pose[0, :2], pose[31, 65], beta[31, 9]
    const { values } = bodies!.signals!
    expect([0, 1, 31 * 76 + 65, 31 * 76 + 75].map((at) => values[at])).toEqual([1.4483452917741528, 0.22018003820169318, -0.1927580765382674, 0].map(Math.fround))
  })
})

describe('sets aside', () => {
  test.each([
    ['poses of another shape', { '0001': { ...video(0, 0, 1, 1), pose: floats([4, 75]) } }, 'pose of shape (4, 75); (4, 66) is read'],
    ['shapes of another length', { '0001': { ...video(0, 0, 1, 1), beta: floats([3, 10]) } }, 'beta of shape (3, 10); (4, 10) is read'],
    ['labels of no frames', { '0001': { ...video(), pose: floats([0, 66]) } }, 'labels of shape (0); one label per frame is read'],
    ['a video without labels', { '0001': { pose: floats([4, 66]), beta: floats([4, 10]) } }, 'the video "0001" has no labels; there are: pose, beta'],
    ['a pose that is text', { '0001': { ...video(0), pose: 'squats' } }, '"pose" of the video "0001" is no array of numbers'],
  ])('%s', async (_, videos: Parameters<typeof casaNpy>[0], message) => {
    const { clips, quarantined } = await read({ ...label, [path]: casaNpy(videos) })
    expect(clips.map(({ id, flags, labels }) => [id, flags, labels.sides])).toEqual([['penn-action/0001', ['casa-quarantined'], {}]])
    expect(quarantined).toMatchObject([{ source: `${path}#['0001']`, code: 'E_CASA_VIDEO', message, sha256: sha256(casaNpy(videos)) }])
  })

  test('a video filed under another action', async () => {
    const { quarantined } = await read({ ...label, 'npyrecords/squats_val.npy': casaNpy({ '0001': video(0, 0, 1, 1) }) })
    expect(quarantined).toMatchObject([{ code: 'E_CASA_VIDEO', message: 'the video is filed under squats, its label file says pullup' }])
  })

  test('a label that the action does not have', async () => {
    const { clips, quarantined } = await read({ ...label, [path]: casaNpy({ '0001': video(0, 0, 1, 2) }) })
    expect(clips.map(({ labels, flags }) => [labels.phases, flags])).toEqual([[null, ['phases-quarantined']], [null, []]])
    expect(quarantined).toMatchObject([{ source: `${path}#['0001']`, code: 'E_PENN_PHASES', message: 'phase 2 at frame 3; pullup has the phases 0 to 1' }])
  })

  test.each([
    ['of numbers', writeNpy([7, 8]), 'E_CASA_FILE', 'an array of dtype <i8 and shape (2); one dict of videos is read'],
    ['cut in half', half(casaNpy({ '0001': video(0, 0, 1, 1) })), expect.stringMatching(/^E_PICKLE_/), expect.any(String)],
    ['that is no .npy', Buffer.from('404 Not Found'), 'E_NPY_NOT_NPY', 'not an .npy file: it does not begin with \\x93NUMPY'],
  ])('a file %s', async (_, bytes, code, message) => {
    const { items, quarantined } = await discover({ ...label, [path]: bytes })
    expect(items[0]!.facts.casa).toBeNull()
    expect(quarantined).toMatchObject([{ source: path, code, message, sha256: sha256(bytes) }])
  })
})

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length / 2)
}

async function discover(files: Files): Promise<Plan<PennFacts>> {
  return pennAction.discover(contextOf(entry, rawFolder(files)))
}

async function read(files: Files): Promise<FilmRead> {
  const context = contextOf(entry, rawFolder(files))
  return pennAction.read(context, (await pennAction.discover(context)).items[0]!)
}
