import type { ExportedModel } from '../jobs/export-model.ts'

/** What was written, and what it is fed and answers. */
export function exportModelText({ run, output, bytes, parameters, inputs, outputs }: ExportedModel): string {
  const lines = (what: string, values: ExportedModel['inputs']): string[] => values.map(({ name, shape, about }) => `${what} ${name} [${shape.join(', ')}]: ${about}`)
  return [`${output}: ${parameters} parameters of run ${run}, ${bytes} bytes`, ...lines('input', inputs), ...lines('output', outputs)].join('\n')
}
