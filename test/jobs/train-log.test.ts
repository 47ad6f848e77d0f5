import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readLog, readTiming, rewindLog } from '../../src/jobs/train-log.ts'
import { temporaryFolder } from '../store/folder.ts'

const stepLine = (step: number) => JSON.stringify({ step, epoch: 0, loss: 1.5, rate: 0.1, gradientNorm: 2 })

async function fileOf(...rows: string[]): Promise<string> {
  const file = `${await temporaryFolder()}/log.jsonl`
  await writeFile(file, rows.join('\n'))
  return file
}

test('a last line that a kill cut short is none', async () => {
  expect((await readLog(await fileOf(stepLine(1), stepLine(2).slice(0, 20)))).map(({ step }) => step)).toEqual([1])
  expect(await readLog('nowhere/log.jsonl')).toEqual([])
})

test.each<[what: string, row: string]>([['cut', stepLine(2).slice(0, 20)], ['empty', ''], ['of zeros', '\0\0\0'], ['without a loss', '{"step":2,"epoch":0}']])('a line in the middle that is %s is refused by its place', async (_, row) => {
  const file = await fileOf(stepLine(1), row, stepLine(3), '')
  const refusal = { code: 'E_LOG', exit: 2, message: `${file}:2 is damaged: ${JSON.stringify(row)}`, hint: 'bring the file back, or take the line out: what it said is then lost' }
  await expect(readLog(file)).rejects.toMatchObject(refusal)
  await expect(rewindLog(file, 1)).rejects.toMatchObject(refusal)
})

test('so is one of the log of times', async () => {
  const file = await fileOf('{"step":1,"seconds":1,"waitSeconds":0,"samples":4}', '{"step":2,"seconds":"1"}', '')
  await expect(readTiming(file)).rejects.toMatchObject({ code: 'E_LOG', message: `${file}:2 is damaged: "{\\"step\\":2,\\"seconds\\":\\"1\\"}"` })
})
