import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { root } from './sources.ts'
import { temporaryFolder } from './store/folder.ts'

/** The script in a project of its own; .ci/run builds and runs a real binding. */
function run(cwd: string, ...args: readonly string[]): { code: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, [`${root}/scripts/tfjs-native.js`, ...args], { cwd, encoding: 'utf8' })
  return { code: status, said: stderr.trim() }
}

describe('npm run tfjs:native', () => {
  test('asks for a folder', async () => {
    expect(run(await temporaryFolder())).toEqual({ code: 2, said: 'Name the folder of a libtensorflow: npm run tfjs:native -- FOLDER' })
  })

  test('says what to install where there is no tfjs-node', async () => {
    const folder = await temporaryFolder()
    expect(run(folder, folder)).toEqual({
      code: 2, said: 'Neither @tensorflow/tfjs-node nor @tensorflow/tfjs-node-gpu is installed: npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0' })
  })

  test('says what a folder lacks', async () => {
    const folder = await temporaryFolder()
    await mkdir(`${folder}/node_modules/@tensorflow/tfjs-node/binding`, { recursive: true })
    expect(run(folder, folder).said).toBe(`${folder} holds no libtensorflow.so or libtensorflow_cc.so.2 with libtensorflow_framework.so, nor do its lib/ and tensorflow/`)
    await mkdir(`${folder}/lib`)
    for (const file of ['libtensorflow.so.2', 'libtensorflow_framework.so.2']) await writeFile(`${folder}/lib/${file}`, '')
    expect(run(folder, folder)).toEqual({ code: 2, said: `${folder} holds no include/tensorflow/c/c_api.h, nor does its tensorflow/` })
  })
})
