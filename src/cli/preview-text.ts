import { drawnText } from '../jobs/preview-page.ts'
import type { PreviewResult } from '../jobs/preview.ts'

/** Each sample's place and what its views drew, then where the picture is. */
export function previewText({ output, seed, samples }: PreviewResult): string {
  const lines = samples.flatMap(({ sample, epoch, place, views }) => [
    `sample ${sample}: seed ${seed}, epoch ${epoch}, clip ${place}`,
    ...views.map(({ clip, frames, drawn }, view) => `  view ${view}: ${frames} frames of ${clip}; ${drawnText(drawn) || 'nothing drawn'}`),
  ])
  return [...lines, output].join('\n')
}
