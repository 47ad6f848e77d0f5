import { Args, Flags } from '@oclif/core'
import { entryOf, readCatalog } from '../catalog.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { progressLine } from '../cli/progress.ts'
import { writeTwin } from '../ingest/synthetic/index.ts'

export default class Synth extends BaseCommand {
  static override description = 'Write a synthetic twin of a data set in its own raw layout, with the truth known: of penn-action, ikea-asm, h2o.'
  static override args = { dataset: Args.string({ required: true, description: 'its name in the catalog' }), dir: Args.string({ required: true, description: 'a new folder' }) }
  static override flags = {
    clips: Flags.integer({ min: 1, default: 100, description: 'recordings: videos, scans or sequences' }),
    seed: Flags.integer({ min: 0, default: 0, description: 'where all chance comes from' }),
    frames: Flags.boolean({ description: 'also draw the frames as JPEG stick figures' }),
    video: Flags.boolean({ description: 'also as videos, where the data set comes as videos' }),
    flaws: Flags.boolean({ description: 'plant every known quirk of the download' }),
    ball: Flags.boolean({ dependsOn: ['frames'], description: 'of penn-action: tennis serves, a ball that only the pictures show, a swing that only the joints show' }),
  }
  static override examples = ['<%= config.bin %> synth penn-action twin --clips 50 --frames', '<%= config.bin %> synth penn-action serves --clips 88 --frames --ball', '<%= config.bin %> synth ikea-asm twin-ikea --clips 4 --video --flaws']

  protected async work(): Promise<Outcome> {
    const { args: { dataset, dir }, flags: { catalog, clips, seed, frames, video, flaws, ball } } = await this.parse(Synth)
    const progress = progressLine()
    const twin = await writeTwin(entryOf(await readCatalog(catalog), dataset), dir, {
      clips, seed, frames, video, flaws, ball, signal: this.interruptible(), onProgress: (done, total) => progress.update(`${done} of ${total} recordings written`),
    }).finally(progress.end)
    return { document: twin, text: `${twin.clips} recordings, ${twin.frames} frames, ${twin.files} files, ${(twin.bytes / 1e6).toFixed(1)} MB in ${dir}\nnext: posetta ingest ${dataset} ${dir}` }
  }
}
