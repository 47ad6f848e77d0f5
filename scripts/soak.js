// The long checks. `--sample` runs a fiftieth of them; a release runs them all.
import { spawnSync } from 'node:child_process'

const sample = process.argv.includes('--sample')
const rest = process.argv.slice(2).filter((arg) => arg !== '--sample')
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.soak.config.ts', ...rest], {
  stdio: 'inherit', env: { ...process.env, POSETTA_SOAK: sample ? 'sample' : 'full' },
})
process.exitCode = status ?? 1
