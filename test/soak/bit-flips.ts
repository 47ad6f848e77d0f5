import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { randomAt } from '../../src/random.ts'
import { listVersions, verify } from '../../src/store/index.ts'
import { flipBit } from '../store/flip.ts'
import { type Outcome, readBy, reads } from './damage-reads.ts'
import { damageStore } from './damage-store.ts'

export type Flips = { readonly files: number; readonly flips: number; readonly found: number; readonly refusedReads: number; readonly unchangedReads: number }

/**
 * Turns single bits in the files of a small store, one at a time, every file in turn. Throws when `verify --deep` does not name the file,
 * when one of the reads that touch the file does not refuse and name it, or when another read (one in turn) answers anything else than
 * before.
 */
export async function flipBits({ flips, seed }: { readonly flips: number; readonly seed: number }): Promise<Flips> {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-flips-'))
  const [whole, storeDir] = [join(folder, 'whole'), join(folder, 'store')]
  try {
    await damageStore(whole)
    cpSync(whole, storeDir, { recursive: true })
    const before = await readBy(storeDir, reads)
    const readers = await readersOf(storeDir)
    const files = [...readers.keys()].sort()
    const counts = { found: 0, refusedReads: 0, unchangedReads: 0 }
    for (let flip = 0; flip < flips; flip++) {
      const file = files[flip % files.length]!
      const path = join(storeDir, 'tiny', file)
      const random = randomAt({ seed, clip: file, position: flip })
      const [at, bit] = [random.integer(statSync(path).size), random.integer(8)]
      const place = `${file}, byte ${at}, bit ${bit}`
      await flipBit(path, at, bit)
      const { problems } = await verify(storeDir, 'tiny', { deep: true })
      if (!problems.some((problem) => file.startsWith(problem.file))) throw new Error(`verify does not find ${place}: ${JSON.stringify(problems)}`)
      counts.found++
      const own = readers.get(file)!
      for (const [name, outcome] of await readBy(storeDir, [...own.keys(), reads[flip % reads.length]!])) {
        const isRefused = 'refusal' in outcome
        const complaint = complaintOf(name, outcome, { file, before: before.get(name)!, reader: own.get(name) ?? 'no' })
        if (complaint !== null) throw new Error(`${place}: ${name} ${complaint}`)
        counts[isRefused ? 'refusedReads' : 'unchangedReads']++
      }
      await flipBit(path, at, bit)
    }
    return { files: files.length, flips, ...counts }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `some` = it reads parts of the file: what it answers is right, or it refuses. */
type Reader = 'all' | 'some' | 'no'

function complaintOf(name: string, outcome: Outcome, { file, before, reader }: { file: string; before: Outcome; reader: Reader }): string | null {
  if ('answer' in outcome) {
    if (outcome.answer !== (before as { answer: string }).answer) return 'answers something else'
    return reader === 'all' ? 'does not notice' : null
  }
  const { code, message } = outcome.refusal
  if (!['E_FILE_CHANGED', 'E_SPLIT_DAMAGED', 'E_MANIFEST'].includes(code)) return `refuses by ${code}: ${message}`
  if (!message.includes(file.startsWith('splits/') ? 'split "halves"' : basename(file))) return `blames another file: ${message}`
  // all views are bound when a session opens: none can be asked where one cannot
  return reader === 'no' && !name.startsWith('SQL ') ? 'refuses though it does not read it' : null
}

/** Which reads touch a file, for every file of the store. */
async function readersOf(storeDir: string): Promise<Map<string, ReadonlyMap<string, Reader>>> {
  const folder = join(storeDir, 'tiny')
  const [newest, old] = await listVersions(storeDir, 'tiny')
  const readers = new Map<string, ReadonlyMap<string, Reader>>()
  const all = (names: readonly string[]): Map<string, Reader> => new Map(names.map((name) => [name, 'all']))
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())) {
    readers.set(join(entry.parentPath, entry.name).slice(folder.length + 1), new Map())
  }
  const isOfClips = (table: string): boolean => !['images', 'proxies', 'pictures', 'quarantine'].includes(table)
  for (const { table, file } of old!.shards[0]!.files) readers.set(`shards/${file}`, all(isOfClips(table) ? ['clips of before'] : []))
  for (const { table, file } of newest!.shards[0]!.files) {
    const sql = table === 'frames' ? ['SQL frames', 'SQL keypoints', 'SQL joints', 'SQL signals'] : table === 'pictures' ? [] : [`SQL ${table}`]
    const own = isOfClips(table) ? ['clips', 'films'] : table === 'images' ? ['pictures', 'films'] : ['films']
    const isPack = table === 'pictures' && file.endsWith('.parquet')
    readers.set(`shards/${file}`, isPack ? new Map([['pictures', 'some'], ['films', 'some']]) : all([...own, ...sql]))
  }
  readers.set(`shards/${newest!.quarantineFile!.file}`, all(['SQL quarantine']))
  readers.set('manifest.json', all(reads.filter((name) => name !== 'split')))
  readers.set(`commits/${old!.commit}.json`, all(['clips of before']))
  for (const kind of ['json', 'parquet']) readers.set(`splits/halves.${kind}`, all(['split', 'SQL splits']))
  return readers
}
