import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runQuery } from '../../src/queries/index.ts'
import { readClips } from '../../src/store/read-clips.ts'
import { listVersions } from '../../src/store/read-version.ts'
import { tagVersion } from '../../src/store/tags.ts'
import { verify } from '../../src/store/verify.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { skeletons, three } from './clips.ts'
import { temporaryFolder } from './folder.ts'
import { goldenClips, goldenQuarantine } from './golden-clips.ts'

// One store per version of the tables, as it was written then; test/fixtures/make-golden-store.ts makes the next one. Roots: test/interop/read_store.py (pyarrow 26.0.1).
const stores = [['golden-store-2', '8e44725cef6608785be05b40aa221aa255ead1d7e8170c4e2993174fd16857fe', '800ba8117a40362ee28d28d13ef9c9032faeac3d032acd11bd04c2b48f528a4d']] as const

async function copyOf(name: string): Promise<string> {
  const storeDir = await temporaryFolder()
  await cp(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url)), storeDir, { recursive: true })
  return storeDir
}

test.each(stores)('%s is read as it was written, in all its versions', async (name, root, rounded) => {
  const storeDir = await copyOf(name)
  expect(await readClips(storeDir, 'tiny', undefined, { raw: true })).toEqual(goldenClips)
  expect(await readClips(storeDir, 'tiny', undefined, { raw: true, version: 'newest~1' })).toEqual(goldenClips.slice(0, 2))
  const [newest] = await listVersions(storeDir, 'tiny')
  expect([newest!.root, newest!.quarantine, (await listVersions(storeDir, 'tiny-int16'))[0]!.root]).toEqual([root, goldenQuarantine, rounded])
  for (const dataset of ['tiny', 'tiny-int16']) expect((await verify(storeDir, dataset, { deep: true })).problems).toEqual([])
  expect((await runQuery({ storeDir, runsDir: join(storeDir, 'none') }, 'select dataset, count(*) from joints group by dataset order by dataset')).rows).toEqual([['tiny', 28], ['tiny-int16', 28]])
})

test.each(stores)('%s can be gone on with', async (name) => {
  const storeDir = await copyOf(name)
  await tagVersion(storeDir, 'tiny', 'old')
  const { history } = await writeClips({ storeDir, dataset: 'tiny', skeletons: [...skeletons, three], clips: goldenClips.slice(1) })
  expect(history).toHaveLength(2)
  expect(await readClips(storeDir, 'tiny', undefined, { raw: true, version: 'old' })).toEqual(goldenClips)
})
