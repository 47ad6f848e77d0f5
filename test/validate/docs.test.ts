import { describe, expect, test } from 'vitest'
import { checks } from '../../src/validate/checks/index.ts'
import { filesOf, textOf } from '../sources.ts'

describe('docs/validate.md', () => {
  const rows = textOf('docs/validate.md').split('\n').filter((line) => /^\| `[a-z-]+` \| (?:error|warn|info) \|/.test(line))

  test('has a row for every code, in the order in which they are told, with its severity', () => {
    expect(rows.map((row) => row.split(' | ').slice(0, 2).join(' '))).toEqual(checks.map(({ code, severity }) => `| \`${code}\` ${severity}`))
  })

  test.each(filesOf('src/validate/checks', '.ts').filter((path) => /^const LIMIT = /m.test(textOf(path))))('says the limit of %s', (path) => {
    const [, limit] = /^const LIMIT = (.+)$/m.exec(textOf(path))!
    for (const [, code] of textOf(path).matchAll(/code: '([a-z-]+)'/g)) {
      expect(rows.find((row) => row.startsWith(`| \`${code}\``))).toMatch(new RegExp(`(?<![\\d.])${limit!.replace('.', '\\.')}(?![\\d.]*\\d)`))
    }
  })
})
