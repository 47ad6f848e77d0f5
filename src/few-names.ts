/** The first names of many, and how many more there are: `a, b, c and 9 more`. */
export function fewNames(names: readonly string[], shown = 5): string {
  return `${names.slice(0, shown).join(', ')}${names.length > shown ? ` and ${names.length - shown} more` : ''}`
}
