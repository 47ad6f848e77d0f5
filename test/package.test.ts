import { describe, expect, test } from 'vitest'
import { textOf } from './sources.ts'

const manifest = JSON.parse(textOf('package.json')) as { engines: { node: string }; scripts: Record<string, string>; dependencies: Record<string, string>; devDependencies: Record<string, string>; optionalDependencies: Record<string, string> }

describe('the package', () => {
  test('pins exact versions', () => {
    expect(Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
  })

  test('builds on install, so that two commands are enough', () => {
    expect(manifest.scripts).toMatchObject({ prepare: 'npm run build', pretest: 'npm run build', test: 'vitest run', demo: expect.any(String), soak: expect.any(String) })
  })

  test('runs on Node 20.19 and says so', () => {
    expect(manifest.engines.node).toBe('>=20.19')
  })

  test('names its licence, and no registry in the lock file', () => {
    expect(textOf('LICENSE')).toContain('Version 2.0, January 2004')
    expect(textOf('package-lock.json')).not.toContain('"resolved"')
  })
})

test('the public API is at most 30 names', () => {
  const names = [...textOf('src/index.ts').matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list]) => list!.split(',').map((name) => name.trim()).filter((name) => name !== ''))
  expect(names.length).toBeGreaterThan(15)
  expect(names.length).toBeLessThanOrEqual(30)
})
