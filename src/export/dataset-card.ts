import { stringify } from 'yaml'
import type { DatasetEntry } from '../catalog.ts'
import { clipFeatures } from './clip-table.ts'
import type { FormatContext } from './format.ts'

/**
 * README.md as the Hugging Face Hub reads it: the card's YAML, with a configuration that finds the files of `parts` and the features, then what people should
 * know.
 */
export function datasetCard(entry: DatasetEntry, { labels }: Pick<FormatContext['about'], 'labels'>, parts: readonly string[]): string {
  const { title, licence, redistribution, homepage, citation } = entry
  const card = {
    pretty_name: title, license: 'other',
    configs: [{ config_name: 'default', data_files: parts.map((part) => ({ split: part, path: `data/${part}-*.parquet` })) }],
    dataset_info: { config_name: 'default', features: clipFeatures(labels) },
  }
  return [
    '---', stringify(card, { lineWidth: 0 }).trimEnd(), '---', '', `# ${title}`, '',
    'Poses and labels, a row per clip; no pictures. Written by `posetta export hf`.', '',
    `- Licence: ${licence}.`,
    redistribution.annotations ? '- Its annotations may be passed on.'
      : '- **Its licence does not let you pass its annotations on: keep this copy to yourself.**',
    ...(homepage === null ? [] : [`- Home: ${homepage}`]), ...(citation === null ? [] : [`- Please cite: ${citation}`]),
    '- `keypoints` is [frames][persons][joints][axes] in `unit` of the frame or the camera, `confidence` and `state` (0 observed, 1 occluded, 2 absent)',
    '  [frames][persons][joints]; joints that are absent have the coordinates NaN. `joints` names them, by the subject\'s own left and right.',
    '- `end` of phases and segments is exclusive.',
    '- What is in no column here lies in `posetta/`: `posetta ingest` makes the same clips of this folder again.', '',
  ].join('\n')
}
