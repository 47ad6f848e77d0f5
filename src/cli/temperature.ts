import { Errors, Flags } from '@oclif/core'

/** Beyond these, sums of distances over it are rounding, or no numbers. */
const [LEAST, MOST] = [1e-6, 1e6]

/** How soft an alignment is. */
export const temperature = Flags.custom<number>({
  description: 'of the soft methods and of confidences, in mean squared distances of the pair',
  parse: async (text) => {
    const value = Number(text)
    if (!(value >= LEAST && value <= MOST)) throw new Errors.CLIError(`Expected a number from ${LEAST} to ${MOST} but received: ${text}`)
    return value
  },
})
