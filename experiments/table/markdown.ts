import type { Document } from './document.ts'
import type { Gap, ResultColumn, Value } from './results.ts'

/** A table as a page: what was asked, what stands first with its intervals, paired differences, every action, diagnostics, and how it was made. */
export function markdownOf(document: Document): string {
  const { name, title, question, verdict, results: { columns, conditions } } = document
  const first = columns.filter(({ isDiagnostic }) => !isDiagnostic)
  const main = conditions.length === 1 ? [valuesByColumn(document, first)] : first.map((column) => valuesByCondition(document, column))
  return [
    `# ${title}`, question, ...(verdict === null ? [] : [verdict]), `![The same as a figure](${name}.svg)`, ...main, ...differences(document, first),
    ...(conditions.length === 1 && document.actions.length > 1 ? first.filter(({ actions }) => actions.length > 1).map((column) => valuesByAction(document, column)) : []),
    ...diagnostics(document, columns.filter(({ isDiagnostic }) => isDiagnostic)), howItWasMade(document),
  ].join('\n\n') + '\n'
}

function valuesByColumn({ results }: Document, columns: readonly ResultColumn[]): string {
  return grid(['', ...columns.map(headOf)], results.subjects.map(({ label, isFloor }) => [
    isFloor ? label : `**${label}**`, ...columns.map((column) => withInterval(valueAt(results.values, { column: column.title, condition: results.conditions[0]!, subject: label, action: null }))),
  ]))
}

function valuesByCondition({ results }: Document, column: ResultColumn): string {
  return `## ${headOf(column)}\n\n${grid(['', ...results.conditions], results.subjects.map(({ label, isFloor }) => [
    isFloor ? label : `**${label}**`, ...results.conditions.map((condition) => withInterval(valueAt(results.values, { column: column.title, condition, subject: label, action: null }))),
  ]))}`
}

function valuesByAction({ results }: Document, column: ResultColumn): string {
  return `## ${headOf(column)}, by action\n\n${grid(['', ...results.subjects.map(({ label }) => label)], column.actions.map((action) => [
    action, ...results.subjects.map(({ label, isFloor }) => {
      const value = valueAt(results.values, { column: column.title, condition: results.conditions[0]!, subject: label, action })
      return isFloor ? number(value.value) : withInterval(value)
    }),
  ]))}`
}

function differences({ results }: Document, columns: readonly ResultColumn[]): string[] {
  return results.conditions.map((condition) => {
    const pairs = [...new Map(results.differences.map(({ subject, against }) => [`${subject} - ${against}`, { subject, against }]))]
    const cell = (column: ResultColumn, pair: { subject: string; against: string }): string => {
      const of = results.differences.filter((gap) => gap.column === column.title && gap.condition === condition && gap.subject === pair.subject && gap.against === pair.against)
      return gapText(of.find(({ action }) => action === null)!, of.filter(({ action }) => action !== null), column)
    }
    return `## Paired differences${results.conditions.length === 1 ? '' : `, ${condition}`}\n\n${grid(['', ...columns.map(headOf)], pairs.map(([text, pair]) => [text, ...columns.map((column) => cell(column, pair))]))}`
  })
}

/** The difference over actions, and on how many of them it is better or worse by Holm at .05. */
function gapText(whole: Gap, byAction: readonly Gap[], { better }: ResultColumn): string {
  if (whole.value === null) return '-'
  const shown = byAction.filter(({ holm }) => holm !== null && holm < 0.05)
  const won = shown.filter(({ value }) => (better === 'higher' ? value! > 0 : value! < 0)).length
  return `${withInterval(whole)}, p ${number(whole.p)}${byAction.length > 1 ? `; ${won} better, ${shown.length - won} worse of ${byAction.length}` : ''}`
}

function diagnostics({ results }: Document, columns: readonly ResultColumn[]): string[] {
  if (columns.length === 0) return []
  return results.conditions.map((condition) => `## Diagnostics${results.conditions.length === 1 ? '' : `, ${condition}`}\n\nNever a claim: see docs/metrics.md. Mean over the actions that have the measure; intervals are in the JSON.\n\n${grid(
    ['', 'actions', ...results.subjects.map(({ label }) => label)],
    columns.map((column) => [headOf(column), String(column.actions.length), ...results.subjects.map(({ label }) =>
      number(valueAt(results.values, { column: column.title, condition, subject: label, action: null }).value))]),
  )}`)
}

function howItWasMade({ part, commit, committed, machine, seeds, draws, data, rows, script, runs }: Document): string {
  const trainings = grid(['', 'parameters', 'settings beside the defaults', 'trainings', 'steps', 'hours', 'validation'], rows.map(({ label, parameters, settings }) => {
    const own = runs.filter(({ row }) => row === label)
    const best = own.flatMap(({ validation }) => validation ?? [])
    return [label, String(parameters), settings.length === 0 ? '-' : `\`${settings.join(' ')}\``, String(own.length), String(sum(own.map(({ steps }) => steps))),
      (sum(own.map(({ seconds }) => seconds)) / 3600).toFixed(2), best.length === 0 ? '-' : number(sum(best) / best.length)]
  }))
  return `## How it was made

${trainings}

\`experiments/${script}\` at commit ${commit} of ${committed}, ${machine}; ${data.dataset}, split ${data.split.name} \`${data.split.hash.slice(0, 12)}\`, root \`${data.root.slice(0, 12)}\`;
measured on ${part === 'test' ? 'the test side' : 'the validation part of train, the test side was not read'}; seeds ${seeds.join(', ')}. Brackets are 95 % intervals over ${draws} draws of recordings, in every role they have, and of seeds within each;
differences are paired on the same draws, "better" and "worse" count actions at p < .05 after Holm. Parameters kept are the best on the validation part. Everything else, runs and values by action: the JSON beside this page.`
}

function headOf({ title, better, actions, isDiagnostic }: ResultColumn): string {
  return `${title} ${better === 'higher' ? '↑' : '↓'}${isDiagnostic || actions.length === 1 ? '' : `, ${actions.length} actions`}`
}

function valueAt(values: readonly Value[], { column, condition, subject, action }: { column: string; condition: string; subject: string; action: string | null }): Value {
  return values.find((one) => one.column === column && one.condition === condition && one.subject === subject && one.action === action)!
}

function withInterval({ value, low, high }: { readonly value: number | null; readonly low: number | null; readonly high: number | null }): string {
  return value === null ? '-' : `${number(value)} (${number(low)} to ${number(high)})`
}

function number(value: number | null): string {
  return value === null ? '-' : value.toFixed(3)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
