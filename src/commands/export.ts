import { Args, Flags } from '@oclif/core'
import { entryOf, readCatalog } from '../catalog.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { exportText } from '../cli/export-text.ts'
import { progressLine } from '../cli/progress.ts'
import { exportDataset, exportExit, exportKindOf } from '../export/index.ts'
import { adapters } from '../ingest/adapters/index.ts'
import { versions } from '../jobs/versions.ts'

export default class Export extends BaseCommand {
  static override description = 'Write a data set as others read it: PYSKL, COCO, WebDataset, Hugging Face. `posetta ingest` reads it back to the same hashes.'
  static override args = { format: Args.string({ required: true, description: 'pyskl, coco, webdataset or hf' }) }
  static override flags = {
    dataset: Flags.string({ required: true, description: 'a data set of the store' }),
    split: Flags.string({ description: 'only the clips of this split, side by side; left out: every clip' }),
    output: Flags.string({ required: true, description: 'a new folder' }),
    'no-frames': Flags.boolean({ description: 'leave embedded frames out' }),
  }
  static override examples = [
    '<%= config.bin %> export pyskl --dataset penn-action --split official --output penn-pyskl',
    '<%= config.bin %> export hf --dataset h2o --output h2o-hf --json']

  protected async work(): Promise<Outcome> {
    const { args: { format }, flags: { store, catalog, dataset, split, output, 'no-frames': noFrames } } = await this.parse(Export)
    const progress = progressLine()
    const entry = entryOf(await readCatalog(catalog), dataset)
    const exported = await exportDataset({
      storeDir: store, entry, kind: exportKindOf(format), split, outputDir: output, frames: !noFrames, filmsPerShard: (await adapters[entry.adapter]?.())?.filmsPerShard,
      version: (await versions())['posetta']!, signal: this.interruptible(), onProgress: ({ done, total }) => progress.update(`${done} of ${total} clips`),
    }).finally(progress.end)
    const { clips, frames, files, root, clipsRoot, leftOut, isUnchanged } = exported
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    return {
      document: { format, dataset, split: exported.split, output, files: files.length, clips, frames, bytes, root, clipsRoot, leftOut, unchanged: isUnchanged },
      text: exportText(exported), exit: exportExit(exported),
    }
  }
}
