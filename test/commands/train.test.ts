import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { storeOf, swinging } from '../jobs/penn-store.ts'
import { bin, posettaHere } from './posetta.ts'

const clips = [...Array.from({ length: 9 }, (_, i) => swinging(i)), swinging(90)]
const settings = ['profile=tiny', 'frames=8', 'batch=4', 'validation=0'].flatMap((setting) => ['--set', setting])
const trainAt = (place: { storeDir: string; runsDir: string }) => ['train', 'la2ds', '--store', place.storeDir, '--runs', place.runsDir, ...settings]

const posetta = (...args: string[]) => posettaHere('.', ...args, '--json')

describe('train', () => {
  test('with a plan and threads, stopped, gone on with by none, is the training that was never stopped', async () => {
    const place = await storeOf(clips)
    const planned = [...trainAt(place), '--epochs', '60', '--plan', '{"pairs": {"same": "action", "differs": "group"}}']
    const child = spawn(process.execPath, [bin, ...planned, '--workers', '2'])
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
    const rest = await posetta('train', '--resume', 'latest', '--store', place.storeDir, '--runs', place.runsDir)
    const whole = await posetta(...planned)
    // 9 clips, 60 times, in batches of 4
    expect([rest.status, whole.status, rest.json['steps'], rest.json['loss']]).toEqual([0, 0, 135, whole.json['loss']])
    expect(await logOf(String(rest.json['run']))).toBe(await logOf(String(whole.json['run'])))
  })

  test('keeps what it replaced apart from what is done: exit 3', async () => {
    // twelve frames of one person, taken for six of two
    const twelve = swinging(1, { frames: 12 })
    const place = await storeOf(clips.map((clip, i) => (i === 1 ? { ...twelve, persons: 2, frames: 6, time: twelve.time.slice(0, 6) } : clip)))
    const { status, json, stderr } = await posetta(...trainAt(place), '--set', 'inputs=points', '--epochs', '2', '--on-bad', 'skip')
    expect([status, json['replaced']]).toEqual([3, [{ clip: 'penn-action/0001', code: 'E_LOADER_POINTS', message: expect.stringMatching(/^penn-action\/0001 has 2 /) }]])
    expect(stderr).toMatch(/1 clips? could not be read/)
  })

  test.each([['--device', 'reference'], ['--seed', '3'], ['--split', 'other'], ['--dataset', 'h2o']])('refuses to go on with a run under another %s', async (flag, value) => {
    expect((await posetta('train', '--resume', 'latest', flag, value)).json['error']).toMatchObject({ message: `${flag}=${value} cannot also be provided when using --resume` })
  })

  test('says which folder cannot be one, and that a plan belongs to the run', async () => {
    const place = await storeOf(clips)
    expect(await posetta(...trainAt(place), '--cache', join(place.storeDir, 'penn-action', 'manifest.json'))).toMatchObject({ status: 2 })
    expect(existsSync(place.runsDir) ? await readdir(place.runsDir) : []).toEqual([])
    expect((await posetta('train', '--resume', 'latest', '--plan', '{}', '--store', place.storeDir, '--runs', place.runsDir)).json['error']).toMatchObject({
      message: '--plan={} cannot also be provided when using --resume' })
  })
})
