import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TAR_END, tarHeader, tarPadding } from '../../src/export/tar-header.ts'
import { withFile } from '../../src/ingest/large-file.ts'
import { openRawFolder } from '../../src/ingest/raw-folder.ts'
import { tarMembers } from '../../src/ingest/readers/tar.ts'
import { pythonWith, runPython } from '../python.ts'
import { makeClip, spatial } from '../store/clips.ts'
import { temporaryFolder } from '../store/folder.ts'
import { exported, tinyStore } from './tiny.ts'

const python = pythonWith('numpy')
const long = `${'deep/'.repeat(60)}été.json`

async function archive(members: readonly (readonly [name: string, bytes: string])[]): Promise<string> {
  const folder = await temporaryFolder()
  const parts = members.flatMap(([name, bytes]) => [tarHeader(name, bytes.length), Buffer.from(bytes), tarPadding(bytes.length)])
  writeFileSync(join(folder, 'a.tar'), Buffer.concat([...parts, TAR_END]))
  return folder
}

describe('a tar archive', () => {
  const members = [['a.json', '{}'], ['b/empty', ''], ['block', 'x'.repeat(512)], [long, 'long']] as const

  test.skipIf(python === null)('says to Python nothing of who made it, when and where', async () => {
    const script = `
import json, sys, tarfile
with tarfile.open(sys.stdin.read()) as tar:
    print(json.dumps([[m.name, tar.extractfile(m).read().decode(), m.mode, m.mtime, m.uid, m.gid, m.uname, m.gname, m.isreg()] for m in tar]))`
    const read = JSON.parse(runPython(python!, script, join(await archive(members), 'a.tar'))) as unknown
    expect(read).toEqual(members.map(([name, bytes]) => [name, bytes, 0o644, 0, 0, 0, '', '', true]))
  })

  test('is read from any header on', async () => {
    const raw = openRawFolder(await archive(members))
    const paths = (from: number): string[] => withFile(raw, 'a.tar', (file) => [...tarMembers(file, from)].map(({ path, start, bytes }) => `${path} ${file.read(start, bytes).length}`))
    expect(paths(0)).toEqual(['a.json 2', 'b/empty 0', 'block 512', `${long} 4`])
    expect(paths(1024)).toEqual(['b/empty 0', 'block 512', `${long} 4`])
  })

  test.each([
    ['in a header', 1100, 'E_TAR_SHORT', 'the archive ends within the header at byte 1024'], ['in a file', 2100, 'E_TAR_SHORT', 'the archive ends within the file whose header is at byte 1536'],
  ])('that is cut off %s is refused', async (_, bytes, code, message) => {
    const folder = await archive(members)
    truncateSync(join(folder, 'a.tar'), bytes)
    expect(() => withFile(openRawFolder(folder), 'a.tar', (file) => [...tarMembers(file, 0)])).toThrow(expect.objectContaining({ code, message }))
  })

  test('is none where its sum says otherwise', async () => {
    expect(() => withFile(openRawFolder('.'), 'package.json', (file) => [...tarMembers(file, 0)])).toThrow(expect.objectContaining({ code: 'E_TAR_HEADER' }))
  })
})

describe.skipIf(python === null)('an export for WebDataset', () => {
  const script = `
import io, json, sys, tarfile
import numpy as np
def value(name, data):
    if name.endswith('.npy'):
        a = np.load(io.BytesIO(data))
        return [a.dtype.str, list(a.shape), np.where(np.isnan(a), -1, a).ravel().tolist()]
    return json.loads(data) if name.endswith('.json') else data.decode('latin1')
with tarfile.open(sys.stdin.read()) as tar:
    print(json.dumps({m.name: value(m.name, tar.extractfile(m).read()) for m in tar}))`

  test('has a sample per clip: what is said about it, joints with confidence, states, boxes, the label', async () => {
    const clip = makeClip('tiny/a.b', {
      frames: 1, states: Uint8Array.of(0, 2), keypoints: Float32Array.of(10.5, 20, 0.5, NaN, NaN, 0), raw: Float32Array.of(10.5, 20, 1, 1), boxes: Float32Array.of(1, 2, 3, 4),
      labels: { ...makeClip('x').labels, phases: [{ start: 0, end: 1, label: 'down' }], sides: { xsub: 'test' } } })
    const { outputDir, files } = await exported({ storeDir: await tinyStore([clip]), kind: 'webdataset' })
    expect(files.map(({ file }) => file)[0]).toBe('clips-000000.tar')
    expect(JSON.parse(runPython(python!, script, join(outputDir, 'clips-000000.tar')))).toEqual({
      'a%2Eb.json': {
        id: 'tiny/a.b', dataset: 'tiny', group: 'tiny/a.b', side: null, label: 0, action: 'squat', officialSplit: 'train', sides: { xsub: 'test' }, view: 'front', subject: null,
        scene: null, camera: null, phases: [{ start: 0, end: 1, label: 'down' }], segments: [], skeleton: 'two', joints: ['head', 'left_hand'], fps: null, width: 480, height: 270,
        frames: 1, persons: 1, dims: 2, unit: 'px', source: 'manual', flags: ['box-missing-last-frame'],
      },
      'a%2Eb.npy': ['<f4', [1, 1, 2, 3], [10.5, 20, 0.5, -1, -1, 0]], 'a%2Eb.states.npy': ['|u1', [1, 1, 2], [0, 2]], 'a%2Eb.boxes.npy': ['<f4', [1, 4], [1, 2, 3, 4]], 'a%2Eb.cls': '0',
    })
  })

  test('has archives by side, none above the bound unless one clip is', async () => {
    const clips = ['a', 'b', 'c', 'd'].map((name) => makeClip(`tiny/${name}`, { frames: 50 }))
    const storeDir = await tinyStore([...clips, makeClip('tiny/long', { frames: 2000 })], { train: ['tiny/a', 'tiny/b', 'tiny/c', 'tiny/long'], test: ['tiny/d'] })
    const { outputDir } = await exported({ storeDir, kind: 'webdataset', split: 'half', fileBytes: 20_000 })
    const archives = readdirSync(outputDir).filter((name) => name.endsWith('.tar')).sort()
    const read = archives.map((name) => Object.keys(JSON.parse(runPython(python!, script, join(outputDir, name))) as object).filter((name) => name.endsWith('.json')))
    expect(new Set(read.flat())).toEqual(new Set(['a.json', 'b.json', 'c.json', 'd.json', 'long.json']))
    expect(read.filter((names) => names.includes('long.json'))).toEqual([['long.json']])
    expect(read[archives.indexOf('test-000000.tar')]).toEqual(['d.json'])
    const large = archives.filter((_, at) => !read[at]!.includes('long.json')).filter((name) => statSync(join(outputDir, name)).size > 20_000)
    expect([large, archives.length]).toEqual([[], 4])
  })
})

const webdataset = pythonWith('webdataset', 'numpy')
test.skipIf(webdataset === null)('webdataset itself decodes an export', async () => {
  const { outputDir } = await exported({ storeDir: await tinyStore([makeClip('tiny/a#one'), spatial('tiny/dir/b')]), kind: 'webdataset' })
  const script = `
import json, sys, webdataset
samples = webdataset.WebDataset(sys.stdin.read(), shardshuffle=False).decode()
print(json.dumps(sorted([s['__key__'], list(s['npy'].shape), list(s['states.npy'].shape), s['cls'], s['json']['id']] for s in samples)))`
  expect(JSON.parse(runPython(webdataset!, script, join(outputDir, 'clips-000000.tar')))).toEqual(
    [['a%23one', [3, 1, 2, 3], [3, 1, 2], 0, 'tiny/a#one'], ['dir/b', [2, 2, 3, 4], [2, 2, 3], 0, 'tiny/dir/b']])
})
