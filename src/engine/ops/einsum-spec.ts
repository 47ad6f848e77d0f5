import { type Node, shapeError } from '../graph.ts'

export type EinsumSpec = {
  /** Labels of each operand's axes; those that '...' stands for are numbers, 0 the last of them. */
  readonly inputs: readonly (readonly string[])[]
  readonly output: readonly string[]
  readonly extents: ReadonlyMap<string, number>
}

/** What an einsum asks for, held against the shapes of its operands. A misfit names the label and both extents. */
export function parseEinsum(spec: string, operands: readonly Node[]): EinsumSpec {
  const refuse = (message: string): Error => shapeError(`einsum "${spec}"`, message, ...operands)
  const [left, right, ...more] = spec.replaceAll(/\s/g, '').split('->')
  const terms = left!.split(',')
  if (more.length > 0 || [...terms, right ?? ''].some((term) => !/^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term))) throw refuse('it is not like "ij,jk->ik" with letters and "..."')
  if (terms.length !== operands.length) throw refuse(`it has ${terms.length} operands, given are ${operands.length}`)

  const inputs = terms.map((term, i) => {
    const rank = operands[i]!.shape.length
    const free = rank - term.replace('...', '').length
    if (free < 0 || (free > 0 && !term.includes('...'))) throw refuse(`"${term}" does not name the ${rank} axes of operand ${i + 1}`)
    return labelsOf(term, free)
  })
  const extents = new Map<string, number>()
  for (const [i, labels] of inputs.entries()) {
    for (const [axis, label] of labels.entries()) {
      const [known, extent] = [extents.get(label) ?? 1, operands[i]!.shape[axis]!]
      const name = /\d/.test(label) ? 'an axis of "..."' : `"${label}"`
      if (labels.indexOf(label) !== axis && extent !== operands[i]!.shape[labels.indexOf(label)]) {
        throw refuse(`${name} has ${operands[i]!.shape[labels.indexOf(label)]} and ${extent} places in operand ${i + 1}: no diagonal`)
      }
      if (known !== 1 && extent !== 1 && known !== extent) throw refuse(`${name} has ${known} places and, in operand ${i + 1}, ${extent}`)
      extents.set(label, extent === 1 ? known : extent)
    }
  }
  const output = right === undefined ? impliedOutput(inputs) : labelsOf(right, ellipsisOf(inputs))
  const twice = output.find((label, i) => output.indexOf(label) !== i)
  if (twice !== undefined) throw refuse(`"${twice}" is twice in the result`)
  const unknown = output.find((label) => !extents.has(label))
  if (unknown !== undefined) throw refuse(`"${unknown}" is in the result and in no operand`)
  return { inputs, output, extents }
}

/** The labels of a term; 'a...b' with two free axes: a, 1, 0, b. */
function labelsOf(term: string, free: number): string[] {
  const [before, after] = term.split('...')
  const between = after === undefined ? [] : Array.from({ length: free }, (_, i) => String(free - 1 - i))
  return [...before!, ...between, ...(after ?? '')]
}

/** How many axes '...' stands for at most. */
function ellipsisOf(inputs: readonly (readonly string[])[]): number {
  return Math.max(0, ...inputs.map((labels) => labels.filter((label) => /\d/.test(label)).length))
}

/** The axes of '...', then the labels that occur once, in alphabetical order. */
function impliedOutput(inputs: readonly (readonly string[])[]): string[] {
  const all = inputs.flat().filter((label) => !/\d/.test(label))
  return [...labelsOf('...', ellipsisOf(inputs)), ...all.filter((label) => all.indexOf(label) === all.lastIndexOf(label)).toSorted()]
}
