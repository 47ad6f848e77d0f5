import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { explainText } from '../cli/explain-text.ts'
import { explainJob } from '../jobs/explain.ts'

export default class Explain extends BaseCommand {
  static override description = 'Follow a measure of a run back to split, data, shards and raw files; with a clip or a pair also its part in the measure.'
  static override args = {
    run: Args.string({ required: true, description: 'a run, or latest' }),
    measure: Args.string({ required: true, description: 'a measure of it, such as kendall-tau' }),
    clip: Args.string({ description: 'one clip' }),
    other: Args.string({ description: 'the second clip of a pair' }),
  }
  static override flags = {
    protocol: Flags.string({ description: 'which, where there are several' }),
    action: Flags.string({ description: 'which, where there are several' }),
    card: Flags.string({ description: 'which, where there are several: whole, cut, views' }),
    raw: Flags.string({ description: 'the folder of the download: looks at raw files, their bytes, and reads clips again' }),
  }
  static override examples = [
    '<%= config.bin %> explain latest re-cut-cycle-skill', '<%= config.bin %> explain latest kendall-tau penn-action/0031 penn-action/0042 --card whole',
    '<%= config.bin %> explain latest kendall-tau penn-action/0031 --card cut --raw ~/Penn_Action',
  ]

  protected async work(): Promise<Outcome> {
    const { args: { run, measure, clip, other }, flags: { store, runs, catalog = [], protocol, action, card, raw = null } } = await this.parse(Explain)
    const clips = [clip, other].filter((one) => one !== undefined)
    const explanation = await explainJob({ storeDir: store, runsDir: runs, catalogFiles: catalog, run, metric: measure, protocol, action, card, clips, rawDir: raw })
    const checks = explanation.clips.flatMap(({ hash, decoded, raw: files }) => [decoded === undefined || decoded === hash, ...files.map(({ state }) => state === 'as read' || state === 'not looked at')])
    return { document: explanation, text: explainText(explanation), exit: checks.every(Boolean) && explanation.purged.length === 0 ? 0 : 1 }
  }
}
