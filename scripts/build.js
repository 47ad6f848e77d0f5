// Compiles src/ into dist/ and kernels/ (AssemblyScript) into dist/kernels/, copies what is not TypeScript (.sql), writes the catalog as JSON and oclif's command manifest: starting up, no command parses YAML, and `--help` loads no command.
import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'

const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

rmSync('dist', { recursive: true, force: true })
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json')
for (const file of readdirSync('kernels').filter((file) => file.endsWith('.ts'))) {
  run('node_modules/assemblyscript/bin/asc.js', `kernels/${file}`, '--outFile', `dist/kernels/${file.replace('.ts', '.wasm')}`,
    '-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd,threads,bulk-memory', '--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536')
}
cpSync('src', 'dist', { recursive: true, filter: (path) => !path.endsWith('.ts') })
writeFileSync('dist/datasets.json', JSON.stringify(parse(readFileSync('datasets.yaml', 'utf8'))))
run('node_modules/oclif/bin/run.js', 'manifest')
