import type { Explanation } from '../jobs/explain.ts'
import type { RawLineage } from '../jobs/clip-lineage.ts'
import type { PairPart, Ranked } from '../jobs/clip-part.ts'

/** Clips, files and rows beyond so many are counted, not listed: `--json` has all. */
const LISTED = 10

/** A line of a tree and what hangs on it. */
type Branch = { readonly line: string; readonly below?: readonly Branch[] }

/** The chain of a measure as a tree: what it is, what made it, and where its clips come from. */
export function explainText(explanation: Explanation): string {
  const { measure: { metric, protocol, action, card, value, reason } } = explanation
  const named = `${metric} (protocol ${protocol}, action ${action}, card ${card})`
  return lines([{ line: `${named} = ${value === null ? `none: ${reason}` : value}`, below: [
    measureBranch(explanation), evaluationBranch(explanation), runBranch(explanation), splitBranch(explanation), dataBranch(explanation), ...partBranches(explanation),
    clipsBranch(explanation), ...purgedBranches(explanation),
  ] }]).join('\n')
}

function measureBranch({ measure: { low, high, n, unit, clips, labels, better, settings }, items }: Explanation): Branch {
  return { line: `measure: ${low === null ? 'no interval' : `95 % interval ${number(low)} to ${number(high)}`}, ${n} ${unit}, ${clips} clips, ${better} is better`, below: [
    { line: `labels ${labels}; ${items} items, whose weighted mean it is` },
    { line: Object.entries(settings).map(([key, value]) => `${key} ${value}`).join('; ') },
  ] }
}

function evaluationBranch({ evaluation, run }: Explanation): Branch {
  if (evaluation === null) return { line: 'evaluation: made before runs kept what did it' }
  const { device, threads, versions, corrupt } = evaluation
  return { line: `evaluation: posetta eval ${run.run} --protocol ${evaluation.protocol}${corrupt === null ? '' : ` --corrupt ${corrupt}`}`, below: [
    { line: `${device}, ${threads ?? 'all'} threads; ${versionList(versions)}` }] }
}

function runBranch({ run }: Explanation): Branch {
  const { model, action, seed, device, threads, machine, steps, best, started, state, versions, config, plan, onBad, replaced, checkpoint, checkpointFile, checkpointNow } = run
  const changed = checkpointNow === null ? 'is gone' : checkpoint === null ? 'not kept in run.json' : checkpoint === checkpointNow ? 'as training left it' : `NOT as training left it: ${short(checkpoint)}`
  return { line: `run ${run.run} (${run.file})`, below: [
    { line: `${model}, ${action ?? 'all actions'}, seed ${seed}, ${steps} steps, ${state}, started ${started}${best === null ? '' : `, best at step ${best.step} (${number(best.value)})`}` },
    { line: `${device}, ${threads ?? 'all'} threads, ${machine === null ? 'machine not kept' : machine.cpu}; ${versionList(versions)}` },
    { line: `config ${JSON.stringify(config)}` },
    ...(Object.keys(plan).length === 0 ? [] : [{ line: `plan ${JSON.stringify(plan)}` }]),
    ...(onBad.policy === 'fail' ? [] : [{ line: `clips that cannot be read: ${onBad.policy}, ${onBad.most} at most; ${replaced.length} replaced`, below: few(replaced.map(({ clip, code }) => ({ line: `${clip}: ${code}` })), 'clips') }]),
    { line: `checkpoint ${checkpointFile}: sha256 ${checkpointNow === null ? '-' : short(checkpointNow)}, ${changed}` },
  ] }
}

function splitBranch({ split, run }: Explanation): Branch {
  const sides = Object.entries(split.sides).map(([side, count]) => `${count} ${side}`).join(', ')
  return { line: `split ${split.name}: hash ${short(split.hash)}${split.hash === run.split.hash ? '' : `, NOT the run's, which is ${short(run.split.hash)}`}`, below: [
    { line: `${sides}; no ${split.groupKey} on two sides; seed ${split.seed}, salt ${split.salt}; made on root ${short(split.root)}` },
    { line: `query: ${split.query.split('\n').filter((line) => !line.startsWith('--')).join(' ').trim()}` },
  ] }
}

function dataBranch({ data: { dataset, root, commit, parent, tags, complete, clips, writer, entry, licence, rawDir } }: Explanation): Branch {
  return { line: `data ${dataset}: root ${short(root)}, commit ${short(commit)}${tags.length === 0 ? '' : ` (${tags.join(', ')})`}`, below: [
    { line: `${clips} clips${complete ? '' : ', a part of the download'}; parent ${parent === null ? 'none' : short(parent)}; catalog entry ${short(entry)}; ${licence}` },
    { line: `written by ${writer}${rawDir === null ? '' : `; raw folder ${rawDir}`}` },
  ] }
}

function partBranches({ part, roles, pair, measure }: Explanation): Branch[] {
  const role = roles.map(({ clip, side, role }) => ({ line: `${clip}: ${role}, side ${side ?? 'none'}` }))
  const found = part === null ? [] : [{ line: `its part: ${number(part.value)}${part.asSecond === null ? '' : ` as the first of its pairs, ${number(part.asSecond)} as the second`}`, below: [
    { line: `${(100 * part.share).toFixed(1)} % of the weight; without it the measure is ${number(part.without)}, with it ${number(measure.value)}` },
    { line: part.rank === null ? 'no rank' : `rank ${part.rank} of ${part.of}; beside it ${part.neighbours.map(ranked).join(', ') || 'none'}` },
    ...few(part.pairs.map(pairLine), 'pairs'),
  ] }]
  const pairs = pair.length === 0 ? [] : [{ line: 'the pair', below: pair.map(pairLine) }]
  return [...role, ...found, ...pairs]
}

function clipsBranch({ clips }: Explanation): Branch {
  return { line: `${clips.length} ${clips.length === 1 ? 'clip' : 'clips'}`, below: few(clips.map((clip) => clipBranch(clip, clips.length > 2)), 'clips') }
}

function purgedBranches({ purged }: Explanation): Branch[] {
  if (purged.length === 0) return []
  const named = purged.map(({ clip, value, hash }) => ({ line: `${clip}: PURGED, ${value === null ? '' : `${number(value)}, `}hash ${short(hash)}` }))
  return [{ line: `purged from the version: ${purged.length} ${purged.length === 1 ? 'clip' : 'clips'}`, below: few(named, 'clips') }]
}

/** One clip: in short where there are many. */
function clipBranch({ clip, value, hash, shard, rows, raw, decoded, images, group, frames, source }: Explanation['clips'][number], isShort: boolean): Branch {
  const again = decoded === undefined ? '' : decoded === hash ? '; read again: the same' : decoded === null ? '; CANNOT be read again' : `; read again it is ANOTHER: ${short(decoded)}`
  const line = `${clip}: ${value === null ? '' : `${number(value)}, `}hash ${short(hash)}, recording ${group}, ${frames} frames, ${source}${again}`
  const files = few(raw.map(rawBranch), 'raw files')
  if (isShort) return { line, below: files }
  const pictures = images === undefined || images.length === 0 ? [] : [{ line: `${images.length} pictures`, below: few(images.map(({ frame, path, hash, file, offset, bytes }) =>
    ({ line: `frame ${frame}: ${path} ${short(hash.replace(/^sha256:/, ''))}${file === null || offset === null ? '' : `, bytes ${offset} to ${offset + (bytes ?? 0)} of shards/${file}`}` })), 'pictures') }]
  return { line, below: [
    { line: `shard ${shard}`, below: rows.map(({ file, start, end }) => ({ line: `shards/${file} rows ${start} to ${end}` })) },
    { line: `${raw.length} raw ${raw.length === 1 ? 'file' : 'files'}`, below: files }, ...pictures,
  ] }
}

function rawBranch({ path, bytes, sha256, role, frame, place, ranges, state }: RawLineage): Branch {
  const where = [...(frame === null ? [] : [`frame ${frame}`]), ...(place === null ? [] : [place])].join(', ')
  const note = state === 'not looked at' || state === 'as read' ? '' : `, ${state.toUpperCase()}`
  return {
    line: `${path} (${role}${where === '' ? '' : `, ${where}`}): ${bytes} bytes, sha256 ${short(sha256)}${note}`,
    below: (ranges ?? []).map(({ what, start, end }) => ({ line: `bytes ${start} to ${end}: ${what}` })),
  }
}

const ranked = ({ clip, value }: Ranked): string => `${clip} ${number(value)}`
const pairLine = ({ clip, other, value, weight }: PairPart): Branch => ({ line: `${clip} -> ${other}: ${number(value)}, weight ${number(weight)}` })
const versionList = (versions: Readonly<Record<string, string>>): string => Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')
const short = (hash: string): string => hash.slice(0, 12)
const number = (value: number | null): string => (value === null ? 'none' : String(Number(value.toPrecision(6))))

function few(branches: readonly Branch[], what: string): Branch[] {
  return [...branches.slice(0, LISTED), ...(branches.length > LISTED ? [{ line: `and ${branches.length - LISTED} more ${what} (--json lists them)` }] : [])]
}

function lines(branches: readonly Branch[], indent = ''): string[] {
  return branches.flatMap(({ line, below = [] }) => [`${indent}${line}`, ...lines(below, `${indent}  `)])
}
