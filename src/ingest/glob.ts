/** Whether a relative path matches a glob: `*` and `?` within one folder, `**` over any number of them, everything else as it stands. */
export function matchesGlob(path: string, glob: string): boolean {
  const pattern = glob.replaceAll(/\*\*\/?|[*?]|[.+^${}()|[\]\\]/g, (found) => {
    if (found === '**/') return '(?:.*/)?'
    if (found === '**') return '.*'
    if (found === '*') return '[^/]*'
    return found === '?' ? '[^/]' : `\\${found}`
  })
  return new RegExp(`^${pattern}$`, 's').test(path)
}
