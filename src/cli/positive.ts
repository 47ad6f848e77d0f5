import { Errors, Flags } from '@oclif/core'

/** A flag that is a number above 0. */
export const positive = Flags.custom<number>({
  parse: async (text) => {
    const value = Number(text)
    if (!Number.isFinite(value) || value <= 0) throw new Errors.CLIError(`Expected a number above 0 but received: ${text}`)
    return value
  },
})
