import { expect, test } from 'vitest'
import { nextCommand } from '../../src/cli/next-command.ts'

test('the next command names store and runs where they are not the usual ones, as a shell reads them', () => {
  expect(nextCommand(['eval', 'r1'], { store: 'store', runs: 'runs' })).toBe('next: posetta eval r1')
  expect(nextCommand(['eval', 'r1'], { store: 'store', runs: 'my runs' })).toBe("next: posetta eval r1 --runs 'my runs'")
  expect(nextCommand(['eval', 'r1'], { store: '/data/s', runs: 'r' })).toBe('next: posetta eval r1 --store /data/s --runs r')
})
