import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root } from '../../sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-codec-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('without the package of the decoder, asking for pictures says how to get it', () => {
  // a copy of what is built, far from node_modules
  for (const name of ['errors.js', 'loader/frames/jpeg-codec.js', 'loader/frames/decoding-gate.js']) cpSync(join(root, 'dist', name), join(folder, name))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const program = `const { decodeJpeg } = await import('./loader/frames/jpeg-codec.js')
    try { decodeJpeg(new Uint8Array(9)) } catch ({ code, message, hint }) { console.log(JSON.stringify({ code, message, hint })) }`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: folder, encoding: 'utf8' })
  expect(JSON.parse(stdout)).toEqual({
    code: 'E_JPEG_DECODER', message: 'JPEG files cannot be decoded: the package @julusian/jpeg-turbo does not load on this machine',
    hint: 'npm install --include=optional; it has binaries for Linux, macOS and Windows on x64 and arm64' })
})
