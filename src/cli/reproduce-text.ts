import type { Reproduction } from '../jobs/reproduce.ts'

type Told = { readonly what: string; readonly was: string | number | null; readonly is: string | number | null }

/** What came out otherwise, a line each; what differs and may; why numbers may differ. */
export function reproduceText({ run, stages, differences, notes, reasons }: Reproduction): string {
  return [
    `run ${run}: ${stages.map(({ stage, state }) => `${stage} ${state}`).join(', ')}`,
    ...differences.map((one) => `DIFFERENT ${one.stage}: ${told(one)}${one.tolerance === null || one.tolerance === 0 ? '' : `, more than ${one.tolerance} apart`}`),
    ...notes.map((note) => `note: ${told(note)}`),
    ...reasons.map((reason) => `numbers may differ by a tolerance (docs/lineage.md): ${reason}`),
    stages.some(({ state }) => state !== 'same') ? `${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}` : 'no differences',
  ].join('\n')
}

function told({ what, was, is }: Told): string {
  return was === null ? `${what}: ${is}` : `${what} was ${was}, is ${is ?? 'not there'}`
}
