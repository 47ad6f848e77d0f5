import type { KeptSplit, MadeSplit, MadeSplits, Protocol } from '../queries/index.ts'
import { countSides } from '../split.ts'
import { balanceText } from './balance-text.ts'
import type { Outcome } from './base-command.ts'
import { splitListText, splitText } from './split-text.ts'

/** What `split` answers: the split itself when it made one, else `splits`. 1 when a published count differs and nobody knows why. */
export function splitOutcome({ splits, ...made }: Pick<MadeSplits, 'splits'> | MadeSplits): Outcome {
  const [only] = splits
  const isUnderstood = splits.every(({ checks }) => checks.every(({ ok, known }) => ok || known !== null))
  return {
    document: splits.length === 1 ? { ...splitDocument(only!), ...made } : { splits: splits.map(splitDocument), ...made },
    text: [...splits.map(oneText), ...('stable' in made ? makerLines(made) : [])].join('\n'),
    exit: isUnderstood ? 0 : 1,
  }
}

/** What `split --list` answers. */
export function splitList(dataset: string, protocols: readonly Protocol[], splits: readonly KeptSplit[]): Outcome {
  return { document: { protocols, splits }, text: splitListText(dataset, protocols, splits) }
}

function makerLines({ stable, empty }: Omit<MadeSplits, 'splits'>): string[] {
  return [
    ...empty.map((side) => `no clip is in ${side}: its share of so few groups came to none; more clips, a larger share or another --salt may fill it`),
    stable ? 'clips that are added will move none of these' : 'made again when there are more clips, it may move some of these',
  ]
}

function splitDocument({ split: { name, hash, groupKey, sides }, leaks, checks, balance }: MadeSplit): object {
  return { name, hash, groupKey, sides: countSides(sides), leaks, checks, balance }
}

function oneText({ split, leaks, checks, balance }: MadeSplit): string {
  return `${splitText(split, leaks, checks)}\n${balanceText(balance)}`
}
