/**
 * Training steps of LA2DS on a graphics card: ours on ONNX Runtime's webgpu and cuda, PyTorch eager and compiled, at growing batches from the same numbers, each alone in a process of its
 * own. Steps/s (median), the card's utilisation meanwhile (nvidia-smi), the ratio to PyTorch eager; the losses must agree. Every step moves its batch to the card, as in training.
 * OURS takes every name of --device, TORCH= leaves PyTorch out. Who cannot run says why on stderr and is left out: a batch too large for one buffer of WebGPU (FRAMES=8 goes further), CUDA without its provider. Claim: none yet.
 * CLIPS=16,32,64,128,256,512,1024 FRAMES=64 PROFILE=small OURS=webgpu,cuda TORCH=cuda PYTHON=python3 WARMUPS=5 ROUNDS=20 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/engine/gpu.ts')"
 * bench/engine/pack-gpu.sh packs it for a machine without a network. Tried on software Vulkan: CLIPS=1,2 FRAMES=4 OURS=cpu,webgpu TORCH=cpu WARMUPS=1 ROUNDS=3.
 */
import { spawn, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { checkSameLosses, contest, type Contender, machine, type Result, startContender } from './contest.ts'
import { la2dsWork } from './la2ds-work.ts'

const {
  CLIPS = '16,32,64,128,256,512,1024', FRAMES = '64', PROFILE = 'small', OURS = 'webgpu,cuda', TORCH = 'cuda', PYTHON: python = 'python3', WARMUPS = '5', ROUNDS = '20',
} = process.env

const card = spawnSync('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader'], { encoding: 'utf8' }).stdout
console.log(`${machine()}, ${card === null ? 'no nvidia-smi' : card.trim()}, ${ROUNDS} rounds, profile ${PROFILE}, ${FRAMES} frames`)
console.log(row(['clips', 'engine', 'steps/s', 'ms/step', 'clips/s', 'card %', 'x eager', 'loss']))
for (const clips of CLIPS.split(',').map(Number)) {
  const { work } = la2dsWork({ profile: PROFILE, clips, frames: Number(FRAMES) })
  const peer = (compiled: boolean) => () => startContender(python, ['bench/peers/training_step.py', JSON.stringify({ ...work, device: TORCH, threads: 2, compiled, lean: false })])
  const ours = OURS.split(',').map((device) => () => startContender(process.execPath, ['bench/engine/la2ds-ours.js', JSON.stringify({ ...work, device, threads: 2 })]))
  const measured: (Result & { readonly utilisation: number | null })[] = []
  for (const start of [...(TORCH === '' ? [] : [peer(false), peer(true)]), ...ours]) {
    try {
      measured.push(await alone(await start()))
    } catch (error) {
      console.log(row([String(clips), error instanceof Error ? error.message.slice(0, 60) : String(error), 'failed']))
    }
  }
  rmSync(work.folder, { recursive: true })
  checkSameLosses(measured, 1e-3)
  const eager = measured.find(({ title }) => title.startsWith('torch') && !title.endsWith('compiled'))
  for (const one of measured) {
    const ms = medianMs(one)
    console.log(row([
      String(clips), one.title, (1000 / ms).toFixed(1), ms.toFixed(1), ((1000 * clips) / ms).toFixed(0), one.utilisation?.toFixed(0) ?? '-',
      eager === undefined ? '-' : (medianMs(eager) / ms).toFixed(2), one.losses.at(-1)!.toFixed(5),
    ]))
  }
}

/** Steps of one contender, and the mean utilisation of the card from its first measured step to its last; null where nobody tells. */
async function alone(contender: Contender): Promise<Result & { readonly utilisation: number | null }> {
  const samples: number[] = []
  for (let warm = 0; warm < Number(WARMUPS); warm++) await contender.step()
  const watch = spawn('nvidia-smi', ['--query-gpu=utilization.gpu', '--format=csv,noheader,nounits', '-lms', '100'])
  watch.on('error', () => {})
  watch.stdout.on('data', (text: Buffer) => { samples.push(...text.toString().trim().split('\n').map(Number)) })
  const [result] = await contest([contender], { warmups: 0, rounds: Number(ROUNDS) })
  watch.kill()
  return { ...result!, utilisation: samples.length === 0 ? null : samples.reduce((a, b) => a + b) / samples.length }
}

function medianMs({ costs }: Result): number {
  return costs.map(({ wall }) => wall).toSorted((a, b) => a - b)[costs.length >> 1]!
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 1 ? cell.padEnd(36) : cell.padStart(8))).join(' ')
}
