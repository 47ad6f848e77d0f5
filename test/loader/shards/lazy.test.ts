import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { textOf } from '../../sources.ts'

/** The files that a file loads as it is loaded. */
function loadedBy(path: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  const imports = textOf(path).matchAll(/^(?:import|export) (?!type )[^'(]*from '(\.[^']+)'/gm)
  for (const [, target] of imports) loadedBy(join(dirname(path), target!), seen)
  return seen
}

test('who reads training shards does not load Arrow, which takes 0.15 s in every thread', () => {
  const loaded = [...loadedBy('src/loader/shards/index.ts')]
  expect(loaded).toContain('src/loader/shards/shard-source.ts')
  expect(loaded.filter((path) => /^import [^t][^\n]* from 'apache-arrow'/m.test(textOf(path)))).toEqual([])
})
