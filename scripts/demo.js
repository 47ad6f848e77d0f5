// The main job end to end on a synthetic twin made on the spot, through the command line as a user would: about two minutes on two cores.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'

const ACTION = 'jumping_jacks'
const place = ['--store', 'demo/store', '--runs', 'demo/runs']

rmSync('demo', { recursive: true, force: true })
posetta('synth', 'penn-action', 'demo/raw', '--clips', '300')
posetta('ingest', 'penn-action', 'demo/raw', ...place)
posetta('sql', 'select action, official_split side, count(*) clips, sum(n_frames) frames from clips group by all order by all', ...place)
posetta('split', 'penn-action', '--protocol', 'official', ...place)
posetta('train', 'la2ds', '--action', ACTION, '--epochs', '40', '--set', 'batch=8', ...place)
posetta('eval', 'latest', ...place)
posetta('report', 'latest', '--output', 'demo/report.html', ...place)
// the other two data sets go the first half of the same way
for (const [dataset, clips] of [['ikea-asm', '3'], ['h2o', '4']]) {
  posetta('synth', dataset, `demo/raw-${dataset}`, '--clips', clips)
  posetta('ingest', dataset, `demo/raw-${dataset}`, ...place)
}
posetta('sql', 'select dataset, source, unit, count(*) clips, sum(n_frames) frames from clips group by all order by all', ...place)
console.log(`\nThe report: ${resolve('demo/report.html')} (and report.json beside it)`)

function posetta(...args) {
  console.log(`\n$ posetta ${args.map((arg) => (/[\s*]/.test(arg) ? JSON.stringify(arg) : arg)).join(' ')}`)
  const { status } = spawnSync(process.execPath, ['bin/run.js', ...args], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
