import { Errors, Flags } from '@oclif/core'

const units: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 }

/** A flag that is a size, such as 512MB or 1.5GiB; in bytes. */
export const bytes = Flags.custom<number>({
  parse: async (text) => {
    const { number, unit } = /^(?<number>\d+(?:\.\d+)?)\s*(?<unit>[a-z]*)$/i.exec(text)?.groups ?? {}
    const factor = units[unit?.toLowerCase() ?? 'none']
    if (factor === undefined || Number(number) === 0) throw new Errors.CLIError(`Expected a size such as 512MB or 2GB but received: ${text}`)
    return Math.floor(Number(number) * factor)
  },
})
