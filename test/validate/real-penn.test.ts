import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { type Finding, selectChecks, validate, type Validation } from '../../src/validate/index.ts'
import { realPenn } from '../shared.ts'

// the lists are those that scipy and numpy gave of all label files: what is known of the download, found again from the store
describe.skipIf(realPenn === null)('the real labels of Penn Action', () => {
  const counted = ['frame-count-mismatch', 'off-image', 'no-observed-joint', 'degenerate-box']
  const none = ['non-finite', 'confidence-range', 'phase-gap', 'phase-overlap', 'time-gap']
  let found: Validation
  beforeAll(async () => {
    const storeDir = mkdtempSync(join(tmpdir(), 'posetta-validate-'))
    await ingest({ entry: entryOf(await readCatalog(), 'penn-action'), rawDir: realPenn!, storeDir, jobs: 1 })
    found = await validate({ storeDir, datasets: ['penn-action'], checks: selectChecks({ select: [...counted, ...none] }) })
    rmSync(storeDir, { recursive: true })
  })
  const of = (code: string): Finding[] => found.findings.filter((finding) => finding.code === code)
  const clipsOf = (code: string): string => [...new Set(of(code).map(({ clip }) => clip!.slice(-4)))].join(' ')
  const framesOf = (code: string): number => of(code).reduce((sum, { start, end, value }) => sum + (start === null ? value! : end! - start), 0)

  test('boxes one row short', () => {
    expect(of('frame-count-mismatch').map(({ clip, message }) => `${clip!.slice(-4)} ${message}`)).toEqual(['1154 the boxes end after 71 of 72 frames', '1865 the boxes end after 72 of 73 frames'])
  })

  test('visible joints outside the image: four clips of jump_rope', () => {
    expect(clipsOf('off-image')).toBe('0979 1021 1024 1032')
  })

  test('177 frames of 15 videos without a visible joint', () => {
    expect([clipsOf('no-observed-joint'), framesOf('no-observed-joint')]).toEqual(['0188 0449 0553 0623 0629 0645 0700 1303 1516 1525 1600 2173 2310 2312 2317', 177])
  })

  test('185 boxes without area', () => {
    expect([clipsOf('degenerate-box'), framesOf('degenerate-box')]).toEqual(['0038 0374 0525 0541 0600 0623 0645 0700 1825 2173', 185])
  })

  test('no coordinate that is no number, no phase that leaves a gap', () => {
    expect(none.flatMap(of)).toEqual([])
  })
})
