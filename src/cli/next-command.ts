import { shellWord } from '../shell-word.ts'

/** The command that comes next, as a shell reads it; it names store and runs where they are not the usual ones. */
export function nextCommand(words: readonly string[], { store, runs }: { readonly store: string; readonly runs: string }): string {
  const place = [...(store === 'store' ? [] : ['--store', store]), ...(runs === 'runs' ? [] : ['--runs', runs])]
  return `next: ${['posetta', ...words, ...place].map(shellWord).join(' ')}`
}
