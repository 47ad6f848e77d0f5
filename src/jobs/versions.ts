import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** Versions that training depends on: of this package, of Node and of the engine. */
export async function versions(): Promise<Record<string, string>> {
  const require = createRequire(import.meta.url)
  return {
    posetta: await versionIn(new URL('../../package.json', import.meta.url)),
    node: process.versions.node,
    'onnxruntime-node': await versionIn(require.resolve('onnxruntime-node/package.json')).catch(() => 'missing'),
  }
}

async function versionIn(file: string | URL): Promise<string> {
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version
}
