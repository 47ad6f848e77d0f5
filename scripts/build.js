// Compiles src/ into dist/, copies what is not TypeScript (.sql), and writes oclif's command manifest so that `--help` loads no command.
import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'

const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

rmSync('dist', { recursive: true, force: true })
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json')
cpSync('src', 'dist', { recursive: true, filter: (path) => !path.endsWith('.ts') })
run('node_modules/oclif/bin/run.js', 'manifest')
