/**
 * Every published protocol of Penn Action and IKEA ASM on the real annotations: what was published beside what is found, action by action, and the leaks that are found.
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/protocols.ts')" PENN_ACTION IKEA_ASM
 * What it printed: experiments/protocols.txt
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DatasetEntry, entryOf, readCatalog } from '../src/catalog.ts'
import { ToolkitError } from '../src/errors.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { listProtocols, makeSplit, type Protocol } from '../src/queries/index.ts'

const [penn, ikea] = process.argv.slice(1)
const storeDir = mkdtempSync(join(tmpdir(), 'posetta-protocols-'))
const catalog = await readCatalog()
console.log(`commit ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()}`)
for (const [name, rawDir] of [['penn-action', penn!], ['ikea-asm', ikea!]] as const) {
  const entry = entryOf(catalog, name)
  const { clips, frames, complete, root } = await ingest({ entry, rawDir, storeDir, jobs: 1 })
  console.log(`\n${name}: ${clips} clips, ${frames} frames, ${complete ? 'complete' : 'a part'}, root ${String(root).slice(0, 16)}`)
  for (const protocol of listProtocols(entry)) await printProtocol(entry, protocol)
}
rmSync(storeDir, { recursive: true })

async function printProtocol(entry: DatasetEntry, { name, origin }: Protocol): Promise<void> {
  try {
    const { split, leaks, checks } = await makeSplit({ storeDir, runsDir: join(storeDir, 'runs'), entry, from: { protocol: name }, seed: 0, allowLeaks: [] })
    const ofActions = checks.filter((check) => check.name.includes('/'))
    const totals = checks.filter((check) => !ofActions.includes(check)).map((check) => `${check.name} ${check.expected} -> ${check.found}`)
    const actions = ofActions.length === 0 ? '' : `, ${ofActions.filter(({ ok }) => ok).length} of ${ofActions.length} counts of actions as published`
    console.log(`  ${name} (${origin}): ${totals.join(', ')}${actions}, hash ${split.hash.slice(0, 16)}`)
    for (const reason of new Set(ofActions.filter(({ ok }) => !ok).map(({ known }) => known))) {
      const same = ofActions.filter(({ ok, known }) => !ok && known === reason)
      console.log(`    ${reason ?? 'NOT KNOWN'}:\n      ${same.map(({ name, expected, found }) => `${name} ${expected} -> ${found}`).join(', ')}`)
    }
    for (const { code, count, examples } of leaks) console.log(`    known leak ${code}: ${count}, such as ${examples[0]}`)
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    console.log(`  ${name} (${origin}): ${error.code} ${error.message}`)
  }
}
