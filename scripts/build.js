// Compiles src/ into dist/ and kernels/ (AssemblyScript) into dist/kernels/, copies what is not TypeScript (.sql), writes the catalog as JSON and oclif's command manifest: starting up, no command parses YAML, and `--help` loads no command.
// What has not changed since the last build is left as it is (dist/.build remembers): without dist/ everything is made.
import { main as compileKernel } from 'assemblyscript/asc'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'

const asRead = 'dist/.build/tsconfig.tsbuildinfo'

const run = (...args) => new Promise((resolve) => {
  spawn(process.execPath, args, { stdio: 'inherit' }).on('close', (status) => (status === 0 ? resolve() : process.exit(status ?? 1)))
})
const filesIn = (folder) => existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => `${parentPath}/${name}`) : []
const hashOf = (...paths) => paths.reduce((hash, path) => hash.update(`${path}\0`).update(readFileSync(path)), createHash('sha256')).digest('hex')

/** Makes something unless it was made of the same files before, and is there. */
async function unlessMade(name, from, made, make) {
  const [stamp, hash] = [`dist/.build/${name}`, hashOf('scripts/build.js', 'package-lock.json', ...from)]
  if (made.every((file) => existsSync(file)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  await make()
  writeFileSync(stamp, hash)
}

const compiled = filesIn('src').filter((path) => path.endsWith('.ts')).flatMap((path) => ['.js', '.d.ts'].map((ending) => path.replace(/^src/, 'dist').replace(/\.ts$/, ending)))
const copied = filesIn('src').filter((path) => !path.endsWith('.ts')).map((path) => path.replace(/^src/, 'dist'))
const kernels = readdirSync('kernels').filter((file) => file.endsWith('.ts')).map((file) => ({ from: `kernels/${file}`, to: `dist/kernels/${file.replace('.ts', '.wasm')}` }))

async function compileKernels() {
  for (const { from, to } of kernels) {
    const { error, stderr } = await compileKernel([from, '--outFile', to,
      '-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd,threads,bulk-memory', '--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'])
    if (error === null) continue
    process.stderr.write(`${stderr.toString()}${error}\n`)
    process.exit(1)
  }
}

const wanted = new Set([...compiled, ...copied, ...kernels.map(({ to }) => to), 'dist/datasets.json'])
for (const file of filesIn('dist')) if (!wanted.has(file) && !file.startsWith('dist/.build/')) rmSync(file)
// the compiler trusts its memory, not the folder
if (!compiled.every((file) => existsSync(file))) rmSync(asRead, { force: true })
mkdirSync('dist/.build', { recursive: true })
await Promise.all([
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', asRead),
  unlessMade('kernels', kernels.map(({ from }) => from), kernels.map(({ to }) => to), compileKernels),
])
cpSync('src', 'dist', { recursive: true, filter: (path) => !path.endsWith('.ts') })
writeFileSync('dist/datasets.json', JSON.stringify(parse(readFileSync('datasets.yaml', 'utf8'))))
await unlessMade('manifest', [asRead, 'package.json'], ['oclif.manifest.json'], () => run('node_modules/oclif/bin/run.js', 'manifest'))
