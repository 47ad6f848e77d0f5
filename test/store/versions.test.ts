import { expect, test } from 'vitest'
import { readClips } from '../../src/store/read-clips.ts'
import { listVersions, readVersion } from '../../src/store/read-version.ts'
import { removeTag, tagVersion } from '../../src/store/tags.ts'
import { verify } from '../../src/store/verify.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { makeClips, skeletons } from './clips.ts'
import { temporaryFolder } from './folder.ts'

/** Three commits: 3, 4 and 5 clips. */
async function threeVersions(): Promise<{ storeDir: string; commits: string[] }> {
  const storeDir = await temporaryFolder()
  const commits = []
  for (const count of [3, 4, 5]) commits.push((await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(count) })).commit)
  return { storeDir, commits }
}

test('every version can be read by its commit, by digits of it, by a tag and by how far back it is', async () => {
  const { storeDir, commits } = await threeVersions()
  await tagVersion(storeDir, 'tiny', 'paper', commits[1])
  const clipsOf = async (version?: string): Promise<number> => (await readClips(storeDir, 'tiny', undefined, { version })).length
  const names = [undefined, 'newest', commits[0], commits[0]!.slice(0, 8), 'paper', 'newest~1', 'newest~2']
  expect(await Promise.all(names.map(clipsOf))).toEqual([5, 5, 3, 3, 4, 4, 3])
  expect(await readClips(storeDir, 'tiny', undefined, { version: 'newest~2', raw: true })).toEqual(makeClips(3))
  expect((await listVersions(storeDir, 'tiny')).map(({ commit }) => commit)).toEqual(commits.toReversed())
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
})

test('a version that is not there is answered with those that are', async () => {
  const { storeDir, commits } = await threeVersions()
  await tagVersion(storeDir, 'tiny', 'paper', 'newest~1')
  const short = commits.toReversed().map((commit) => commit.slice(0, 12)).join(', ')
  await expect(readVersion(storeDir, 'tiny', 'papre')).rejects.toMatchObject({
    code: 'E_VERSION_UNKNOWN', message: 'no version of tiny named "papre"', hint: `did you mean "paper"? There are: paper, ${short}` })
  await expect(readVersion(storeDir, 'tiny', 'newest~3')).rejects.toMatchObject({ code: 'E_VERSION_UNKNOWN', message: 'no version of tiny named "newest~3"' })
})

test('a tag is given once, and let go of by name', async () => {
  const { storeDir, commits } = await threeVersions()
  await tagVersion(storeDir, 'tiny', 'paper', commits[0])
  expect(await tagVersion(storeDir, 'tiny', 'paper', commits[0])).toBe(commits[0])
  await expect(tagVersion(storeDir, 'tiny', 'paper')).rejects.toMatchObject({
    code: 'E_TAG_EXISTS', message: `tag "paper" of tiny names ${commits[0]!.slice(0, 12)}`, hint: 'choose another name, or let go of it: posetta tag tiny paper --remove' })
  await expect(tagVersion(storeDir, 'tiny', 'beef')).rejects.toMatchObject({ code: 'E_TAG_NAME', message: '"beef" would be read as a commit' })
  expect(await removeTag(storeDir, 'tiny', 'paper')).toBe(commits[0])
  await expect(removeTag(storeDir, 'tiny', 'paper')).rejects.toMatchObject({ code: 'E_TAG_UNKNOWN', message: 'no tag of tiny named "paper"', hint: 'There are: (none)' })
})

test('a tag outlives the next commit, and changes no commit', async () => {
  const { storeDir, commits } = await threeVersions()
  await tagVersion(storeDir, 'tiny', 'paper')
  expect((await readVersion(storeDir, 'tiny')).commit).toBe(commits[2])
  await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(6) })
  expect((await readVersion(storeDir, 'tiny', 'paper')).commit).toBe(commits[2])
})
