import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openTiny, readAll, tinyStore } from '../loader/shards/shards.ts'
import { pythonWith, runPython } from '../python.ts'
import { textOf } from '../sources.ts'

const python = pythonWith('pyarrow')

describe.skipIf(python === null)('pyarrow (POSETTA_PYTHON names the interpreter)', () => {
  test('reads every column of a shard', async () => {
    const { opened } = await openTiny(await tinyStore())
    const printed = runPython(python!, `
import json, struct, pyarrow
table = pyarrow.ipc.open_file(${JSON.stringify(join(opened.folder, 'shard-00000.arrow'))}).read_all().sort_by('id')
table.validate(full=True)
def exact(value):
    return [struct.pack('<f', number).hex() for number in value] if isinstance(value, list) and value and isinstance(value[0], float) else value
print(json.dumps([{name: exact(value) for name, value in row.items()} for row in table.to_pylist()]))`)
    const hex = (values: Float32Array | null): unknown => values && Array.from(values, (value) => Buffer.from(Float32Array.of(value).buffer).toString('hex'))
    expect(JSON.parse(printed)).toMatchObject(readAll(opened).map((clip) => ({
      id: clip.id, dataset: clip.dataset, group: clip.group, skeleton: clip.skeleton, source: clip.source, unit: clip.unit, fps: clip.fps, width: clip.width, height: clip.height,
      frames: clip.frames, persons: clip.persons, joints: clip.joints, dims: clip.dims, action: clip.labels.action, official_split: clip.labels.officialSplit, view: clip.labels.view,
      subject: clip.labels.subject, keypoints: hex(clip.keypoints), states: clip.states && Array.from(clip.states), time: hex(clip.time), boxes: hex(clip.boxes),
      signals: hex(clip.signals?.values ?? null) })))
  })

  test('runs the five lines of docs/training-shards.md', async () => {
    const { opened } = await openTiny(await tinyStore())
    const lines = /```python\n([\s\S]*?)```/.exec(textOf('docs/training-shards.md'))![1]!
    expect(lines.trim().split('\n')).toHaveLength(5)
    const first = readAll(opened).find(({ id }) => id === 'tiny/0001')!
    expect(runPython(python!, lines.replace('ENTRY', opened.folder).replace('CLIP', first.id))).toBe(`(${first.frames}, ${first.persons}, ${first.joints}, 3)\n`)
  })
})
