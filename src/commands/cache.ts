import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { bytes } from '../cli/bytes.ts'
import { cacheText } from '../cli/cache-text.ts'
import { ToolkitError } from '../errors.ts'
import { cacheFolder, evictDownTo, evictEntries, listCache } from '../loader/shards/index.ts'

export default class Cache extends BaseCommand {
  static override description = 'List the training shards that were made of the store, or let go of some; the next training makes them anew.'
  static override strict = false
  static override args = { keys: Args.string({ description: 'with --evict: the first digits of a key, or of several' }) }
  static override flags = {
    evict: Flags.boolean({ default: false, description: 'let go of training shards, of all when no key is named, and of what killed processes have left; those in use stay' }),
    'keep-bytes': bytes({ description: 'let go of the least recently used until at most so much is left, such as 20GB; for all of it, --evict', exclusive: ['evict'] }),
    dir: Flags.string({ description: 'folder of the cache; .cache/training in the store when not given' }),
  }
  static override examples = ['<%= config.bin %> cache', '<%= config.bin %> cache --evict 4be1', '<%= config.bin %> cache --keep-bytes 20GB']

  protected async work(): Promise<Outcome> {
    const { argv, flags: { store, evict, 'keep-bytes': keepBytes, dir = cacheFolder(store) } } = await this.parse(Cache)
    if (!evict && argv.length > 0) throw new ToolkitError('E_USAGE', `${argv.join(', ')}: a key says what to let go of, without --evict it says nothing`, { hint: `posetta cache --evict ${argv.join(' ')}` })
    const nothing = { evicted: [], inUse: [] }
    const { evicted, inUse } = evict ? await evictEntries(dir, argv.map(String)) : keepBytes === undefined ? nothing : await evictDownTo(dir, keepBytes)
    const entries = await listCache(dir)
    return { document: { dir, entries, evicted: evicted.map(({ key }) => key), kept: inUse.map(({ key }) => key) }, text: cacheText({ dir, entries, evicted, inUse }), exit: inUse.length === 0 ? 0 : 1 }
  }
}
