import { nearestName, ToolkitError } from '../errors.ts'

/** What is wrong with a value: where in it, and in which words. */
type Fault = { readonly path: string; readonly message: string; readonly hint?: string | undefined }

/** What an argument may be: null for a value that is it. Models are written in plain JavaScript too, where nothing else looks at types. */
export type Kind = (value: unknown) => Fault | null

/** Kinds by name: of a function's arguments in their order, or of an object's fields. */
export type Kinds = Readonly<Record<string, Kind>>

export const kind = (what: string, holds: (value: unknown) => boolean): Kind => (value) => (holds(value) ? null : { path: '', message: `must be ${what}, not ${shown(value)}`, hint: hintFor(value) })

/** A value of a graph, told by what every one has: nodes of two copies of the package are nodes. */
export const isNode = (value: unknown): boolean => typeof value === 'object' && value !== null && 'operation' in value && 'madeAt' in value
const isNumber = (value: unknown): boolean => typeof value === 'number' && !Number.isNaN(value)

export const node = kind('a node', isNode)
/** NaN too: it is what a branch that must not be taken is given. */
export const operand = kind('a node or a number', (value) => typeof value === 'number' || isNode(value))
export const number = kind('a number', isNumber)
export const positive = kind('a finite number above 0', (value) => Number.isFinite(value) && (value as number) > 0)
export const notNegative = kind('a finite number of 0 or more', (value) => Number.isFinite(value) && (value as number) >= 0)
export const whole = kind('a whole number', Number.isInteger)
export const count = kind('a whole number of 1 or more', (value) => Number.isInteger(value) && (value as number) >= 1)
export const countOrNone = kind('a whole number of 0 or more', (value) => Number.isInteger(value) && (value as number) >= 0)
export const flag = kind('true or false', (value) => typeof value === 'boolean')
export const text = kind('a text', (value) => typeof value === 'string')
export const callable = kind('a function', (value) => typeof value === 'function')
/** What is looked at where it is used. */
export const elsewhere: Kind = () => null
/** Axes, extents, places. */
export const wholes = kind('a list of whole numbers', (value) => Array.isArray(value) && value.every(Number.isInteger))
export const oneOrWholes = kind('a whole number or a list of them', (value) => [value].flat().every(Number.isInteger))

/** Left out, or what the kind says. */
export function optional(of: Kind): Kind {
  return (value) => (value === undefined ? null : of(value))
}

export function orNull(of: Kind): Kind {
  return (value) => (value === null ? null : of(value))
}

/** A list of values of a kind. */
export function list(of: Kind): Kind {
  return (value) => (Array.isArray(value) ? firstFault(value.map((one, i) => within(`[${i}]`, of(one)))) : { path: '', message: `must be a list, not ${shown(value)}` })
}

/** Values of a kind by name. */
export function record(of: Kind): Kind {
  return (value) => (typeof value === 'object' && value !== null ? firstFault(Object.entries(value).map(([name, one]) => within(`.${name}`, of(one)))) : { path: '', message: `must be an object, not ${shown(value)}` })
}

/** Numbers with a shape. */
export const tensor: Kind = options({ shape: wholes, data: kind('a Float32Array', (value) => value instanceof Float32Array) }, ['shape', 'data'])

export const carried = options({ input: node, next: node }, ['input', 'next'], { others: true })
/** What a graph is, whatever stands beside its fields. */
export const graphKind: Kind = options({ inputs: list(node), state: list(carried), outputs: record(node) }, ['inputs', 'state', 'outputs'], { others: true })
export const executorKind = options({ name: text, compile: callable }, ['compile'], { others: true })

/** One of some words. */
export function oneOf(...words: readonly string[]): Kind {
  return (value) => (words.includes(value as string) ? null : { path: '', message: `must be ${words.map(shown).join(' or ')}, not ${shown(value)}`, hint: meant(value, words)?.trimEnd() })
}

/** An object with these fields and, unless `others` may be there, no others; those that are not `needed` may be left out, and then the object too. */
export function options(fields: Kinds, needed: readonly string[] = [], { others = false }: { readonly others?: boolean } = {}): Kind {
  const names = Object.keys(fields)
  return (value) => {
    if (value === undefined && needed.length === 0) return null
    if (typeof value !== 'object' || value === null || Array.isArray(value) || isNode(value)) return { path: '', message: `must be an object with ${names.join(', ')}, not ${shown(value)}` }
    const given = value as Readonly<Record<string, unknown>>
    for (const name of Object.keys(given)) if (!others && !(name in fields)) return { path: `.${name}`, message: 'is no option', hint: `${meant(name, names) ?? ''}There is: ${names.join(', ') || '(none)'}` }
    for (const name of names) {
      const fault = given[name] === undefined && !needed.includes(name) ? null : fields[name]!(given[name])
      if (fault !== null) return within(`.${name}`, fault)
    }
    return null
  }
}

/** An object of one of several forms, which its field `kind` tells apart. */
export function variants(forms: Readonly<Record<string, { readonly fields: Kinds; readonly needed?: readonly string[] }>>): Kind {
  const which = oneOf(...Object.keys(forms))
  return (value) => {
    if (typeof value !== 'object' || value === null) return { path: '', message: `must be an object such as { kind: ${shown(Object.keys(forms)[0])} }, not ${shown(value)}` }
    const given = (value as { readonly kind?: unknown }).kind
    const fault = which(given)
    if (fault !== null) return within('.kind', fault)
    const { fields, needed } = forms[given as string]!
    return options({ kind: text, ...fields }, needed)(value)
  }
}

/** Throws an error of `code` for the first of the arguments that is not of its kind (`...name`: all that are left); `place` tells the line of the call. */
export function checkArguments(title: string, kinds: Kinds, given: readonly unknown[], { code = 'E_ARGUMENT', place }: { readonly code?: string; readonly place?: () => string } = {}): void {
  let index = 0
  for (const name in kinds) {
    const fault = name.startsWith('...') ? list(kinds[name]!)(given.slice(index)) : kinds[name]!(given[index++])
    if (fault === null) continue
    const which = name === 'options' && fault.path !== '' ? fault.path.slice(1) : `${name.replace('...', '')}${fault.path}`
    throw new ToolkitError(code, `${title}: ${which} ${fault.message}${place === undefined ? '' : ` (${place()})`}`, fault.hint === undefined ? {} : { hint: fault.hint })
  }
}

function within(path: string, fault: Fault | null): Fault | null {
  return fault === null ? null : { ...fault, path: `${path}${fault.path}` }
}

function firstFault(faults: readonly (Fault | null)[]): Fault | null {
  return faults.find((fault) => fault !== null) ?? null
}

function meant(word: unknown, words: readonly string[]): string | undefined {
  const near = typeof word === 'string' ? nearestName(word, words) : null
  return near === null ? undefined : `did you mean "${near}"? `
}

function hintFor(value: unknown): string | undefined {
  return value === undefined ? 'a name that is misspelt gives undefined' : undefined
}

/** A value as it is written, not too long: "valid", [1, 2], an object. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (isNode(value)) return `a node [${(value as { readonly shape: readonly number[] }).shape.join(', ')}]`
  if (Array.isArray(value)) return value.length > 8 ? `a list of ${value.length}` : `[${value.map(shown).join(', ')}]`
  if (typeof value === 'function') return 'a function'
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`
  if (typeof value === 'object' && value !== null) return `an object with ${Object.keys(value).join(', ') || 'nothing'}`
  return String(value)
}
