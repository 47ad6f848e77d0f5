/** The rows that are kept, in their order: what `filter` of a typed array does, but quicker. */
export function rowsThat(keep: (row: number) => boolean, rows: Uint32Array): Uint32Array<ArrayBuffer> {
  const kept = new Uint32Array(rows.length)
  let count = 0
  for (const row of rows) if (keep(row)) kept[count++] = row
  return count === rows.length ? kept : kept.slice(0, count)
}
