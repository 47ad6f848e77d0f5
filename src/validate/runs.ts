/** Indices [start, end). */
export type Run = { readonly start: number; readonly end: number }

/** The longest runs of indices below `count` for which `is` holds, in order. */
export function runsWhere(count: number, is: (index: number) => boolean): Run[] {
  const runs: Run[] = []
  for (let start = 0; start < count; start++) {
    if (!is(start)) continue
    let end = start + 1
    while (end < count && is(end)) end++
    runs.push({ start, end })
    start = end
  }
  return runs
}

/** Frames as people read them: `frame 7`, `frames 7 to 9`. */
export function framesText({ start, end }: Run): string {
  return end - start === 1 ? `frame ${start}` : `frames ${start} to ${end - 1}`
}
