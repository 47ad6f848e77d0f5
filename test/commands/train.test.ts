import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { storeOf, swinging } from '../jobs/penn-store.ts'
import { root } from '../sources.ts'

const clips = [...Array.from({ length: 9 }, (_, i) => swinging(i)), swinging(90)]
const settings = ['profile=tiny', 'frames=8', 'batch=4', 'validation=0'].flatMap((setting) => ['--set', setting])
const trainAt = (place: { storeDir: string; runsDir: string }) => ['train', 'la2ds', '--store', place.storeDir, '--runs', place.runsDir, ...settings]

function posetta(...args: string[]): { status: number | null; document: { [key: string]: unknown }; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/run.js'), ...args, '--json'], { encoding: 'utf8' })
  return { status, document: JSON.parse(stdout) as { [key: string]: unknown }, stderr }
}

describe('train', () => {
  test('with a plan and threads, stopped, gone on with by none, is the training that was never stopped', async () => {
    const place = await storeOf(clips)
    const planned = [...trainAt(place), '--epochs', '20', '--plan', '{"pairs": {"same": "action", "differs": "group"}}']
    const child = spawn(process.execPath, [join(root, 'bin/run.js'), ...planned, '--workers', '2'])
    let told = ''
    child.stderr.on('data', (text: Buffer) => { told += text.toString() })
    const ended = new Promise<number | null>((resolve) => { child.once('exit', resolve) })
    const logOf = async (run: string): Promise<string> => readFile(join(place.runsDir, run, 'log.jsonl'), 'utf8').catch(() => '')
    for (let run = ''; child.exitCode === null && (await logOf(run)).split('\n').length < 5;) {
      run = (await readdir(place.runsDir))[0] ?? ''
      await setTimeout(20)
    }
    child.kill('SIGINT')
    expect([await ended, told]).toEqual([130, expect.stringMatching(/go on with: posetta train --resume /)])
    const rest = posetta('train', '--resume', 'latest', '--store', place.storeDir, '--runs', place.runsDir)
    const whole = posetta(...planned)
    // 9 clips, 20 times, in batches of 4
    expect([rest.status, whole.status, rest.document['steps'], rest.document['loss']]).toEqual([0, 0, 45, whole.document['loss']])
    expect(await logOf(String(rest.document['run']))).toBe(await logOf(String(whole.document['run'])))
  })

  test('keeps what it replaced apart from what is done: exit 3', async () => {
    // twelve frames of one person, taken for six of two
    const twelve = swinging(1, { frames: 12 })
    const place = await storeOf(clips.map((clip, i) => (i === 1 ? { ...twelve, persons: 2, frames: 6, time: twelve.time.slice(0, 6) } : clip)))
    const { status, document, stderr } = posetta(...trainAt(place), '--set', 'inputs=points', '--epochs', '2', '--on-bad', 'skip')
    expect([status, document['replaced']]).toEqual([3, [{ clip: 'penn-action/0001', code: 'E_LOADER_POINTS', message: expect.stringMatching(/^penn-action\/0001 has 2 /) }]])
    expect(stderr).toMatch(/1 clips? could not be read/)
  })

  test.each([['--device', 'reference'], ['--seed', '3'], ['--split', 'other'], ['--dataset', 'h2o']])('refuses to go on with a run under another %s', (flag, value) => {
    expect(posetta('train', '--resume', 'latest', flag, value).document['error']).toMatchObject({ message: `${flag}=${value} cannot also be provided when using --resume` })
  })

  test('says which folder cannot be one, and that a plan belongs to the run', async () => {
    const place = await storeOf(clips)
    expect(posetta(...trainAt(place), '--cache', join(place.storeDir, 'penn-action', 'manifest.json'))).toMatchObject({ status: 2 })
    expect(existsSync(place.runsDir) ? await readdir(place.runsDir) : []).toEqual([])
    expect(posetta('train', '--resume', 'latest', '--plan', '{}', '--store', place.storeDir, '--runs', place.runsDir).document['error']).toMatchObject({
      message: '--plan={} cannot also be provided when using --resume' })
  })
})
