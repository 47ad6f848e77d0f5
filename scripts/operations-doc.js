// docs/operations.md from the built package: every function that `posetta/model` exports, its signature and docstring. node scripts/operations-doc.js writes it, --print prints it.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where a function lies decides under which heading it stands. */
const sections = [
  ['Operations', /^engine\/ops\//], ['Losses', /^engine\/losses\//], ['Blocks', /^models\//], ['Training', /^(train|loader)\/|^engine\/(optimisers|schedules|training-graph|accumulation|autodiff|gradient-step)/],
  ['Executors', /^engine\/executors\//], ['Graphs and files', /^engine\//],
]

/** The page's text, of `dist`. */
function operationsPage(dist) {
  const functions = exportsOf(dist, 'model.d.ts').map(({ file, name }) => ({ file, name, ...declarationIn(readFileSync(join(dist, file), 'utf8'), name) })).filter(({ signature }) => signature !== undefined)
  const undocumented = functions.filter(({ text }) => text === '')
  if (undocumented.length > 0) throw new Error(`without a docstring: ${undocumented.map(({ name }) => name).join(', ')}`)
  const seen = new Set()
  const parts = sections.map(([title, place]) => {
    const own = functions.filter(({ file, name }) => !seen.has(name) && place.test(file)).sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const { name } of own) seen.add(name)
    return `## ${title}\n\n${own.map(({ name, signature, text }) => `- **\`${name}\`** \`${signature}\`\\\n  ${text}`).join('\n')}\n`
  })
  return `# Operations, losses, blocks\n\nAll that \`posetta/model\` exports ([own-model.md](own-model.md)), made from the docstrings by \`node scripts/operations-doc.js\`. Shapes are in brackets; a \`Node\` is a value known by its shape.\n\n${parts.join('\n')}`
}

/** Names that a file exports, with the files that declare them. */
function exportsOf(dist, file) {
  const text = readFileSync(join(dist, file), 'utf8')
  return [...text.matchAll(/^export (type )?(?:\*|\{([^}]*)\}) from '(\.[^']+)'/gm)].flatMap(([, isType, list, from]) => {
    const path = join(dirname(file), from).replace(/\.(ts|js)$/, '.d.ts')
    if (isType !== undefined) return []
    if (list === undefined) return exportsOf(dist, path)
    return list.split(',').map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type ')).map((name) => ({ name, file: path }))
  })
}

function declarationIn(text, name) {
  const found = new RegExp(`(?:/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*)?^export declare (?:function ${name}(\\([^]*?)|const ${name}: ([^]*?));(?=\\n[^\\s}]|\\n?$(?![^]))`, 'm').exec(text)
  if (found === null) return {}
  const [, comment = '', ofFunction, ofConstant] = found
  if (ofFunction === undefined && !ofConstant.includes('=>')) return {}
  const typed = (ofFunction ?? ofConstant).replaceAll(/import\("[^"]*"\)\./g, '').replaceAll(/\s+/g, ' ').replaceAll('readonly number[]', 'number[]')
  return { signature: typed.replaceAll(/\/\*\*.*?\*\/ ?/g, ''), text: comment.replaceAll(/^\s*\* ?/gm, '').replaceAll(/\s+/g, ' ').trim().replaceAll('|', '\\|').replaceAll('<', '\\<') }
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const page = operationsPage(join(root, 'dist'))
if (process.argv[2] === '--print') process.stdout.write(page)
else writeFileSync(join(root, 'docs/operations.md'), page)
