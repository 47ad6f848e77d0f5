import { expect, test } from 'vitest'
import { evaluate } from '../../src/eval/evaluate.ts'
import { type Item, meanOfItems, MOST_PAIRED_CLIPS, pairItems } from '../../src/eval/items.ts'
import { itemsOf } from '../../src/eval/sums.ts'
import { protocolOf } from '../../src/eval/protocol.ts'
import { readItems, writeItems } from '../../src/eval/item-table.ts'
import { temporaryFolder } from '../store/folder.ts'
import { clipOf, encoderOf } from './clips.ts'

const clips = Array.from({ length: 8 },
  (_, index) => clipOf(`made/${index}`, 30 + index, { place: (t, joint) => [joint * 10, joint === 0 ? 60 + Math.abs(t - 12 - index) : 120 + joint] }))
const wavering = encoderOf('wavering', (clip, t) => clip.keypoints![t * 39 + 2]! + 0.1 * Math.sin(t * clip.frames))
const item = (clip: string, amount: number, weight: number, { part = 0, other = null as string | null } = {}): Item => ({ part, clip, other, amount, weight })

test('a measure is the mean over parts of amounts over weights; a part without weight is left out', () => {
  expect(meanOfItems([item('a', 1, 2), item('b', 2, 2), item('a', 1, 4, { part: 1 }), item('a', 3, 0, { part: 2 })])).toBe(0.5)
  expect(meanOfItems([])).toBeNull()
})

test('the items of every measure make exactly the measure', async () => {
  const found = new Map<string, number>()
  const made = await evaluate({
    encoder: wavering, baselines: [], train: clips.slice(0, 4), test: clips.slice(4), action: 'pullup', protocol: protocolOf('primary'),
    onMeasured: ({ metric, card }, measured) => found.set(`${metric} ${card}`, meanOfItems([measured].flat().flatMap(({ sums, clips }) => itemsOf(sums, clips))) ?? NaN),
  })
  const measured = made.measures.filter(({ value }) => value !== null)
  expect(measured.length).toBeGreaterThan(20)
  expect(measured.map(({ metric, card }) => found.get(`${metric} ${card}`)!)).toBeAllclose(measured.map(({ value }) => value!), { atol: 1e-12, rtol: 0 })
})

test('pairs that take part are items; of many clips, their sums by first clip', () => {
  const two = pairItems([{ id: 'a' }, { id: 'b' }], Float64Array.of(0, 3, 1, 0), Float64Array.of(0, 4, 2, 0))
  expect(two).toEqual([item('a', 3, 4, { other: 'b' }), item('b', 1, 2, { other: 'a' })])
  const size = MOST_PAIRED_CLIPS + 1
  const many = pairItems(Array.from({ length: size }, (_, id) => ({ id: `${id}` })), new Float64Array(size ** 2).fill(1), new Float64Array(size ** 2).fill(2))
  expect([many.length, many[0]]).toEqual([size, item('0', size, 2 * size)])
})

test('items are kept in the folder of the run by measure, and those of other measures stay', async () => {
  const [folder, key] = [await temporaryFolder(), { metric: 'kendall-tau', protocol: 'quick', action: 'squat', card: 'whole' as const }]
  await writeItems(folder, 'r', [{ measure: key, items: [item('a', 1, 1)] }, { measure: { ...key, card: 'cut' }, items: [item('a', 2, 1)] }])
  await writeItems(folder, 'r', [{ measure: key, items: [item('b', 5, 2, { other: 'a' })] }])
  expect(await readItems(folder, key)).toEqual([item('b', 5, 2, { other: 'a' })])
  expect(await readItems(folder, { ...key, card: 'cut' })).toEqual([item('a', 2, 1)])
  expect(await readItems(`${folder}/elsewhere`, key)).toBeNull()
})
