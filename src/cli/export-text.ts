import type { Exported } from '../export/index.ts'

/** What an export did, for people. */
export function exportText({ kind, dataset, clips, frames, files, split, leftOut, redistribution, licence, outputDir, isUnchanged }: Exported): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return [
    `${dataset}${split === null ? '' : `, split ${split.name}`}: ${clips} clips, ${frames} frames as ${kind}, ${files.length} files, `
      + `${(bytes / 1e6).toFixed(1)} MB in ${outputDir}`,
    ...(isUnchanged ? ['it lay there already, every file as it was written'] : []),
    ...leftOut.map(({ count, message, examples }) => `left out ${count} clips: ${message}: ${examples.join(', ')}${count > examples.length ? ', ...' : ''}`),
    ...(redistribution.annotations ? [] : [`for your own use: the licence of ${dataset} ("${licence}") does not let its annotations be passed on`]),
    `the way back: posetta ingest ${dataset} ${outputDir}`,
  ].join('\n')
}
