import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { checkOutput } from '../cli/check-output.ts'
import { planFlag, sampleFlags } from '../cli/loader-flags.ts'
import { previewText } from '../cli/preview-text.ts'
import { previewJob } from '../jobs/preview.ts'

export default class Preview extends BaseCommand {
  static override description = 'Draw a sample exactly as training sees it: the clip, each view, and what was drawn by chance.'
  static override args = { dataset: Args.string({ default: 'penn-action', description: 'a data set of the store' }) }
  static override flags = {
    split: Flags.string({ default: 'official', description: 'a split of it' }),
    at: Flags.string({ description: 'a version of the data set; the newest when not given' }),
    action: Flags.string({ description: 'one action; all when not given' }),
    preset: Flags.string({ description: 'the views of a method; those of train when not given' }),
    set: Flags.string({ multiple: true, multipleNonGreedy: true, default: [], description: 'an option of the training, key=value' }),
    plan: sampleFlags.plan,
    cache: sampleFlags.cache,
    seed: Flags.integer({ min: 0, default: 0, description: 'where all chance comes from' }),
    run: Flags.string({ description: 'as this run saw it', exclusive: ['at', 'action', 'preset', 'set', 'plan'] }),
    sample: Flags.integer({ min: 0, description: 'its number since the start of training' }),
    step: Flags.integer({ min: 1, description: 'all samples of this step', exclusive: ['sample'] }),
    heatmaps: Flags.boolean({ description: 'draw the heatmaps too' }),
    output: Flags.string({ default: 'preview.svg', description: 'the picture, .svg or .html' }),
  }
  static override examples = ['<%= config.bin %> preview --preset la2ds --seed 7 --sample 123 --output sample.svg', '<%= config.bin %> preview --run latest --step 40']

  protected async work(): Promise<Outcome> {
    const { args: { dataset }, flags } = await this.parse(Preview)
    const { store, runs, catalog = [], split, at: version, action = null, preset = null, seed, set: settings, cache: cacheDir, run, sample = null, step = null, heatmaps, output } = flags
    checkOutput(output, store)
    const place = { storeDir: store, runsDir: runs, catalogFiles: catalog, cacheDir, sample, step, heatmaps, output }
    const result = await previewJob(run === undefined ? { ...place, dataset, split, version, action, preset, seed, settings, plan: planFlag(flags.plan) } : { ...place, run })
    return { document: result, text: previewText(result) }
  }
}
