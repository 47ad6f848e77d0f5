import type { KeptSplit, MadeSplit, Protocol } from '../queries/index.ts'
import { countSides } from '../split.ts'

type Check = MadeSplit['checks'][number]

/** A split that was made, for people. Counts of single actions are named where they differ, those with one reason together. */
export function splitText({ name, hash, sides }: MadeSplit['split'], leaks: MadeSplit['leaks'], checks: MadeSplit['checks']): string {
  const ofActions = checks.filter(({ name }) => name.includes('/'))
  const reasons = [...new Set(ofActions.flatMap(({ known }) => known ?? []))]
  return [
    `split "${name}": ${countsText(countSides(sides))}`,
    ...checks.filter((check) => !ofActions.includes(check)).map(sideText),
    ...(ofActions.length === 0 ? [] : [`by action: ${ofActions.filter(({ ok }) => ok).length} of ${ofActions.length} counts as published`]),
    ...reasons.map((reason) => `known: ${reason}: ${differences(ofActions.filter(({ known }) => known === reason))}`),
    ...ofActions.filter(({ ok, known }) => !ok && known === null).map((check) => `not known: ${differences([check])}`),
    ...leaks.map(({ code, count, examples }) => `acknowledged leak ${code}: ${count}, such as ${examples[0]}`),
    `hash ${hash}`,
  ].join('\n')
}

/** What `posetta split DATASET --list` prints. */
export function splitListText(dataset: string, protocols: readonly Protocol[], splits: readonly KeptSplit[]): string {
  return [`protocols of ${dataset}:`, ...protocols.flatMap(protocolLines), splits.length === 0 ? 'splits made: (none)' : 'splits made:', ...splits.map(keptLine)].join('\n')
}

function keptLine({ name, protocol, hash, groupKey, salt, sides }: KeptSplit): string {
  const by = protocol === null || protocol === name ? '' : `protocol ${protocol}, `
  return `  ${name}: ${by}${countsText(sides)}, by ${groupKey}, salt ${JSON.stringify(salt)}, hash ${hash.slice(0, 12)}`
}

function countsText(counts: Readonly<Record<string, number | undefined>>): string {
  return Object.entries(counts).map(([side, count]) => `${count} ${side}`).join(', ')
}

function sideText({ name, expected, found, ok, known }: Check): string {
  return `${name} ${found} ${ok ? 'as published' : `but ${expected} were published`}${known === null ? '' : ` (known: ${known})`}`
}

function differences(checks: readonly Check[]): string {
  return checks.map(({ name, expected, found }) => `${name} ${found} (${expected} published)`).join(', ')
}

function protocolLines({ name, title, origin, source, of, counts, known, acknowledgedLeaks }: Protocol): string[] {
  const sides = countsText(counts ?? {})
  return [
    `${name}: ${title}`,
    ...(sides === '' ? [] : [`  ${sides}${of === 'films' ? ', by sequence' : ''}`]),
    ...(source === null ? [] : [`  ${origin === 'derived' ? 'not published; derived from ' : ''}${source}`]),
    ...known.map(({ because }) => `  known: ${because}`),
    ...(acknowledgedLeaks.length === 0 ? [] : [`  known leaks: ${acknowledgedLeaks.join(', ')}`]),
  ].map((line) => `  ${line}`)
}
