import { Args, Errors } from '@oclif/core'

/** An argument that counts something from 1. oclif's own integer is refused as a bug. */
export const countArgument = Args.custom<number>({
  parse: async (text) => {
    const value = Number(text)
    if (!Number.isSafeInteger(value) || value < 1) throw new Errors.CLIError(`Expected a whole number from 1 but received: ${text}`)
    return value
  },
})
