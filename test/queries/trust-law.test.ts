import { expect, test } from 'vitest'
import { filesOf, textOf } from '../sources.ts'

/** They open sessions, or ask DuckDB's parser and nothing else. */
const exempt = ['session.ts', 'read-only.ts', 'repeatable.ts', 'touched.ts'].map((name) => `src/queries/${name}`)

test('whoever runs a statement on the store has what it reads hashed before', () => {
  const running = filesOf('src', '.ts').filter((path) => /\bconnection\.(?:run|runAndRead\w*|stream\w*|prepare|start)\(/.test(textOf(path)))
  expect(running.filter((path) => !exempt.includes(path) && !/\b(?:trustScans|rowsOf)\(/.test(textOf(path)))).toEqual([])
})
