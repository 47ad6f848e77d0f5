import type { MadeSplit, Protocol } from '../queries/index.ts'

/** A split that was made, for people. Counts of single actions are named where they differ. */
export function splitText({ name, hash, sides }: MadeSplit['split'], leaks: MadeSplit['leaks'], checks: MadeSplit['checks']): string {
  const ofActions = checks.filter((check) => check.name.includes('/'))
  return [
    `split "${name}": ${Object.entries(sides).map(([side, ids]) => `${ids?.length ?? 0} ${side}`).join(', ')}`,
    ...checks.filter((check) => !check.ok || !ofActions.includes(check)).map(checkText),
    ...(ofActions.length === 0 ? [] : [`by action: ${ofActions.filter(({ ok }) => ok).length} of ${ofActions.length} counts as published`]),
    ...leaks.map(({ code, count, examples }) => `acknowledged leak ${code}: ${count}, such as ${examples[0]}`),
    `hash ${hash}`,
  ].join('\n')
}

/** What `posetta split DATASET --list` prints. */
export function splitListText(dataset: string, protocols: readonly Protocol[], splits: readonly string[]): string {
  return [`protocols of ${dataset}:`, ...protocols.flatMap(protocolLines), `splits made: ${splits.join(', ') || '(none)'}`].join('\n')
}

function checkText({ name, expected, found, ok, known }: MadeSplit['checks'][number]): string {
  if (ok) return `${name} ${found} as published`
  return `${name} ${found}, but ${expected} were published${known === null ? '' : ` (known: ${known})`}`
}

function protocolLines({ name, title, origin, source, of, counts, known, acknowledgedLeaks }: Protocol): string[] {
  const numbers = counts === null ? [] : [`${Object.entries(counts).map(([side, count]) => `${count} ${side}`).join(', ')}${of === 'films' ? ' (sequences)' : ''}`]
  return [
    `  ${name}: ${title}`,
    ...[[...numbers, ...(source === null ? [] : [`${origin === 'derived' ? 'derived, not published: ' : ''}${source}`])].join('; ')].filter((line) => line !== '').map((line) => `    ${line}`),
    ...known.map(({ because }) => `    known: ${because}`),
    ...(acknowledgedLeaks.length === 0 ? [] : [`    known leaks: ${acknowledgedLeaks.join(', ')}`]),
  ]
}
