import { describe, expect, test } from 'vitest'
import { randomAt } from '../../../src/random.ts'
import { classes, deeds, furniture, labelOf, nameOf } from '../../../src/ingest/synthetic/ikea-asm/ikea-classes.ts'
import { labelsOf, planDeeds } from '../../../src/ingest/synthetic/ikea-asm/ikea-plan.ts'
import { readFileSync } from 'node:fs'
import { shared } from '../../shared.ts'

describe('the classes', () => {
  test('are 33, NA first and the others by name', () => {
    expect([classes.length, classes[0], classes[1], classes[17], classes[32]]).toEqual([33, 'NA', 'align leg screw with table thread', 'other', 'tighten leg'])
    expect([labelOf([2, 2]), labelOf([6, 1]), labelOf([16, 1])]).toEqual([21, 31, 26])
  })

  test.skipIf(shared === null)('are the lists that the official script makes', () => {
    const listed = (name: string): string => readFileSync(`${shared!}/data/ikea-asm/derived/${name}`, 'utf8')
    expect(deeds.map((deed) => `${nameOf(deed)}\n`).join('')).toBe(listed('atomic_action_list.txt'))
    expect(deeds.map((deed) => `${deed.join(' ')}\n`).join('')).toBe(listed('action_object_relation_list.txt'))
  })
})

describe('a plan', () => {
  const plans = furniture.flatMap(({ folder }) => Array.from({ length: 40 }, (_, seed) => {
    const frames = 40 + 3 * seed
    return { folder, frames, plan: planDeeds(folder, frames, randomAt({ seed })) }
  }))

  test('waits first and last, and lets no deed take less than 5 frames nor a pause less than 3', () => {
    for (const { frames, plan } of plans) {
      expect([plan[0]!.start >= 6, frames - plan.at(-1)!.end >= 6]).toEqual([true, true])
      for (const [at, { start, end }] of plan.entries()) {
        const pause = start - (plan[at - 1]?.end ?? 0)
        expect([end - start >= 5, pause === 0 || pause >= 3]).toEqual([true, true])
      }
    }
  })

  test('shows each furniture with deeds of its own, in other shares for other seeds', () => {
    const seen = (folder: string): Set<string> => {
      return new Set(plans.filter((one) => one.folder === folder).flatMap(({ plan }) => plan.map(({ deed }) => nameOf(deed))))
    }
    expect(seen('Kallax_Shelf_Drawer').has('insert drawer pin')).toBe(true)
    expect(seen('Kallax_Shelf_Drawer').has('spin leg')).toBe(false)
    expect(seen('Lack_TV_Bench').has('attach shelf to table')).toBe(true)
    expect(new Set(plans.map(({ plan, frames }) => plan.map(({ start }) => (start / frames).toFixed(3)).join())).size).toBe(40)
  })

  test('leaves nothing out in between: a leg that is picked up is aligned, then spun', () => {
    const legs = plans.flatMap(({ plan }) => plan.slice(0, -2).flatMap(({ deed }, at) => (nameOf(deed) === 'pick up leg' ? [plan.slice(at + 1, at + 3).map((next) => nameOf(next.deed))] : [])))
    expect(legs.length).toBeGreaterThan(50)
    for (const next of legs) expect(next).toEqual(['align leg screw with table thread', 'spin leg'])
  })

  test('labels its frames', () => {
    expect([...labelsOf([{ deed: [6, 1], start: 2, end: 4 }, { deed: [17, 1], start: 4, end: 5 }], 7)]).toEqual([0, 0, 31, 31, 17, 0, 0])
  })
})
