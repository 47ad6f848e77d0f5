/** Shows how far a work is: a line rewritten in place on a terminal, else a line every 30 s. On stderr, so that stdout stays clean. */
export type Progress = { update(text: string): void; end(): void }

const QUIET_MS = 30_000
const TERMINAL_MS = 100

export function progressLine(stream: NodeJS.WriteStream = process.stderr, now: () => number = Date.now): Progress {
  const every = stream.isTTY ? TERMINAL_MS : QUIET_MS
  let last = stream.isTTY ? 0 : now()
  return {
    update: (text) => {
      if (now() - last < every) return
      last = now()
      stream.write(stream.isTTY ? `\r\u001B[K${text}` : `${text}\n`)
    },
    end: () => { if (stream.isTTY && last > 0) stream.write('\r\u001B[K') },
  }
}
