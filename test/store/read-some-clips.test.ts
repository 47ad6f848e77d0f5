import { expect, test } from 'vitest'
import { readClips, writeClips } from '../../src/store/index.ts'
import { makeClips, skeletons } from './clips.ts'
import { temporaryFolder } from './folder.ts'

test('many clips asked for by name are those clips, frame by frame', async () => {
  const storeDir = await temporaryFolder()
  const clips = makeClips(300)
  await writeClips({ storeDir, dataset: 'tiny', skeletons, clips })
  const odd = clips.filter((_, i) => i % 2 === 1)
  expect(await readClips(storeDir, 'tiny', odd.map(({ id }) => id), { raw: true })).toEqual(odd)
})
