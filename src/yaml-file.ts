import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { ToolkitError } from './errors.ts'

export type Path = readonly PropertyKey[]
/** `file:line path` of something in a file. */
export type Place = (path: Path) => string
export type YamlFile = { readonly values: unknown; readonly place: Place }

/** What a YAML file says, and where it says it; an empty one says `{}`. Throws E_CATALOG_SYNTAX. */
export function parseYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [broken] = document.errors
  if (broken !== undefined) throw new ToolkitError('E_CATALOG_SYNTAX', `${file}:${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]!}`)
  return { values: document.toJS() ?? {}, place: (path) => `${file}:${lineOf(document, lines, path)} ${path.map(String).join('.')}`.trimEnd() }
}

/** The line of the key (of a map) or of the value (in a list) at a path, or of the nearest thing around it. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = document.getIn(path.slice(0, depth - 1), true)
    const key = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === path[depth - 1])?.key : undefined
    const node = key ?? document.getIn(path.slice(0, depth), true)
    const range = (node as { range?: [number, number, number] } | undefined)?.range
    if (range !== undefined) return lines.linePos(range[0]).line
  }
  return 1
}
