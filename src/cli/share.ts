import { Errors, Flags } from '@oclif/core'

/** A flag that is a share: above 0 and below 1. */
export const share = Flags.custom<number>({
  parse: async (text) => {
    const value = Number(text)
    if (!(value > 0 && value < 1)) throw new Errors.CLIError(`Expected a number above 0 and below 1 but received: ${text}`)
    return value
  },
})
