import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../../sources.ts'

/** Opens the training shards of all of `tiny` in a process of its own, which ends when that is done. Rejects unless it ends well, but for a kill. */
export function openInProcess(storeDir: string): { readonly kill: () => void; readonly ended: Promise<'done' | 'killed'> } {
  const script = `
    const { openTrainingShards } = await import(${JSON.stringify(pathToFileURL(join(root, 'dist/loader/shards/index.js')).href)})
    const { close } = await openTrainingShards({ storeDir: ${JSON.stringify(storeDir)}, dataset: 'tiny', memoryBytes: 0 })
    await close()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (text) => { errors += String(text) })
  const ended = new Promise<'done' | 'killed'>((resolve, reject) => {
    child.on('close', (status, signal) => { if (signal !== null) resolve('killed'); else if (status === 0) resolve('done'); else reject(new Error(errors)) })
  })
  return { kill: () => child.kill('SIGKILL'), ended }
}
