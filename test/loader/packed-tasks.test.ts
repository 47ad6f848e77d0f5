import { expect, test } from 'vitest'
import { packTasks, unpackTasks } from '../../src/loader/workers/packed-tasks.ts'

test('tasks come out of a thread\'s message as they went in', () => {
  const tasks = [
    { start: 2 ** 32 - 64, samples: [{ row: 7, epoch: 2 ** 32 - 1, repeat: 3, window: { start: 0, end: 64, step: 2 }, partner: 0 }, { row: 0, epoch: 0, repeat: 0, window: null, partner: null }] },
    { start: 0, samples: [] },
    { start: 64, samples: [{ row: 2 ** 32 - 1, epoch: 1, repeat: 0, window: { start: 5, end: 6, step: 1 }, partner: null }] },
  ]
  expect(unpackTasks(packTasks(tasks))).toEqual(tasks)
})
