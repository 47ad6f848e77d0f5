// Builds the native binding of @tensorflow/tfjs-node or -node-gpu against a libtensorflow of yours: `npm run tfjs:native -- FOLDER`. The packages' own install script would download
// TensorFlow 2.9.1 (CUDA 11.2) and fails without a network, hence `npm install --ignore-scripts`. FOLDER is an unpacked libtensorflow (lib/, include/) or an unpacked wheel of tensorflow,
// tensorflow-cpu or tensorflow-gpu (tensorflow/libtensorflow_cc.so.2, tensorflow/include/). Linux and macOS; needs g++ and the headers of Node.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const PACKAGES = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu']

class Refusal extends Error {}

try {
  main(process.argv[2])
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  console.error(error.message)
  process.exitCode = 2
}

/** @param {string | undefined} folder */
function main(folder) {
  if (folder === undefined) throw new Refusal('Name the folder of a libtensorflow: npm run tfjs:native -- FOLDER')
  const packages = PACKAGES.flatMap((name) => packageFolder(name) ?? [])
  if (packages.length === 0) throw new Refusal(`Neither ${PACKAGES.join(' nor ')} is installed: npm install --ignore-scripts ${PACKAGES[0]}@4.22.0`)
  const [tensorflow, headers] = [findTensorflow(resolve(folder)), nodeHeaders()]
  if (spawnSync('g++', ['--version']).status !== 0) throw new Refusal('No g++ on PATH: sudo apt-get install g++')
  for (const root of packages) build(root, tensorflow, headers)
}

/** Compiles unless the same was built before; loads what it made. */
function build(root, { libraries, include }, headers) {
  const [binding, note] = [join(root, 'lib/napi-v8/tfjs_binding.node'), join(root, 'lib/napi-v8/built-from.json')]
  const from = JSON.stringify({ libraries, include, headers })
  if (existsSync(binding) && existsSync(note) && readFileSync(note, 'utf8') === from) return console.log(`${binding} is built from these already`)
  mkdirSync(dirname(binding), { recursive: true })
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(root, 'binding', file))
  const { status, stderr } = spawnSync('g++', [
    '-shared', '-fPIC', '-O2', '-std=c++17', '-w', '-DNAPI_VERSION=8', `-I${headers}`, `-I${include}`, `-I${root}`, ...sources, '-o', binding,
    ...libraries, ...new Set(libraries.map((file) => `-Wl,-rpath,${dirname(file)}`)), ...(process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
  ], { encoding: 'utf8' })
  if (status !== 0) throw new Refusal(`g++ could not build ${binding}:\n${stderr.split('\n').slice(0, 20).join('\n')}`)
  const loaded = spawnSync(process.execPath, ['-e', `require(${JSON.stringify(binding)})`], { encoding: 'utf8' })
  if (loaded.status !== 0) throw new Refusal(`${binding} was built but cannot be loaded:\n${loaded.stderr.split('\n').slice(0, 8).join('\n')}`)
  writeFileSync(note, from)
  console.log(`built ${binding} against ${libraries[0]}`)
}

/** The folder of an installed package, links followed; null when it is not there. */
function packageFolder(name) {
  const { paths } = createRequire(join(process.cwd(), 'package.json')).resolve
  const folder = paths(name).map((place) => join(place, name)).find((place) => existsSync(join(place, 'binding')))
  return folder === undefined ? null : realpathSync(folder)
}

/** The libraries to link, the one with the C functions first, and the folder of headers. */
function findTensorflow(folder) {
  const places = [folder, join(folder, 'lib'), join(folder, 'tensorflow')].filter((place) => existsSync(place))
  const find = (pattern) => places.flatMap((place) => readdirSync(place).filter((file) => pattern.test(file)).sort().map((file) => join(place, file)))[0]
  const [functions, framework] = [find(/^libtensorflow(_cc)?\.(so|dylib|2\.dylib)/) ?? find(/^libtensorflow(_cc)?\.2\.dylib$/), find(/^libtensorflow_framework\.(so|2\.dylib)/)]
  const include = [join(folder, 'include'), join(folder, 'tensorflow/include')].find((place) => existsSync(join(place, 'tensorflow/c/c_api.h')))
  if (functions === undefined || framework === undefined) throw new Refusal(`${folder} holds no libtensorflow.so or libtensorflow_cc.so.2 with libtensorflow_framework.so, nor do its lib/ and tensorflow/`)
  if (include === undefined) throw new Refusal(`${folder} holds no include/tensorflow/c/c_api.h, nor does its tensorflow/`)
  return { libraries: [functions, framework], include }
}

/** The folder with node_api.h. */
function nodeHeaders() {
  const given = process.env.npm_config_nodedir
  const places = [
    ...(given === undefined ? [] : [join(given, 'include/node')]), join(dirname(process.execPath), '../include/node'),
    join(homedir(), `.cache/node-gyp/${process.versions.node}/include/node`), '/usr/include/node', '/usr/local/include/node',
  ]
  const found = places.find((place) => existsSync(join(place, 'node_api.h')))
  if (found === undefined) throw new Refusal(`No node_api.h in ${places.join(', ')}: npx node-gyp install, or name a folder: npm_config_nodedir=DIR`)
  return found
}
