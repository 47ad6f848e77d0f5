import { ToolkitError } from '../errors.ts'

/** `I/N` of --part, counted from 1. Throws E_USAGE. */
export function partOf(text: string): { readonly index: number; readonly of: number } {
  const [index, of] = (/^(\d+)\/(\d+)$/.exec(text)?.slice(1) ?? []).map(Number)
  if (index === undefined || of === undefined || index < 1 || index > of) {
    throw new ToolkitError('E_USAGE', `--part ${text}: it is the I-th of N parts, from 1/N to N/N`, { hint: 'such as --part 1/4' })
  }
  return { index, of }
}
