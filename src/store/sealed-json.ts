import { sha256 } from '../hash.ts'

/** JSON of an object that ends in its own sha256, so that no byte of it changes unseen. */
export function sealJson(value: object): string {
  const body = JSON.stringify(value, null, 1)
  return `${body.slice(0, -2)},\n "sealed": "${sha256(body)}"\n}\n`
}

/** The object of a sealed JSON, or what is wrong with the text. */
export function unsealJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  const found = bodyOf(text)
  if (found === null) return { problem: 'does not end in its sha256: it is cut short, or was written by something else' }
  return found.isSealed ? { value: JSON.parse(found.body) } : { problem: 'was changed after it was written: its sha256 does not fit' }
}

/** Whether a text is one of `sealJson`, unchanged. */
export function isSealed(text: string): boolean {
  return bodyOf(text)?.isSealed ?? false
}

function bodyOf(text: string): { readonly body: string; readonly isSealed: boolean } | null {
  const seal = /,\n "sealed": "([0-9a-f]{64})"\n\}\n$/.exec(text)
  if (seal === null) return null
  const body = `${text.slice(0, seal.index)}\n}`
  return { body, isSealed: sha256(body) === seal[1] }
}
