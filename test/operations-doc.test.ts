import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { textOf } from './sources.ts'

test.skipIf(!existsSync('dist/model.d.ts'))('docs/operations.md says what the docstrings say (node scripts/operations-doc.js writes it)', () => {
  const page = execFileSync(process.execPath, ['scripts/operations-doc.js', '--print'], { encoding: 'utf8' })
  expect(textOf('docs/operations.md')).toBe(page)
  for (const name of ['conv2d', 'scaledDotProductAttention', 'crossEntropy', 'linear', 'fit', 'ortExecutor', 'encodeOnnx']) expect(page).toContain(`- **\`${name}\`** \``)
})
