import { ortExecutor, type Executor, referenceExecutor } from '../../src/engine/index.ts'
import { train } from '../../src/train/index.ts'
import { training } from '../train/small-training.ts'
import { filesOf, root } from '../sources.ts'
import { type Case, problemOf } from './operation-case.ts'

/** What an executor answers to one case, beside the reference; or why it did not. */
export type Answer = { readonly title: string; readonly found: Readonly<Record<string, Float32Array>>; readonly expected: Readonly<Record<string, Float32Array>> } | { readonly title: string; readonly error: string }

const tables = await Promise.all(filesOf('test/engine/cases', '.ts').map((file) => import(/* @vite-ignore */ `${root}/${file}`) as Promise<{ cases: readonly Case[] }>))

/** Every case of every table in `cases/`. */
export const everyCase: readonly Case[] = tables.flatMap(({ cases }) => cases)

/** Values and derivatives of every case. */
export async function answersOf(executor: Executor): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const one of everyCase) answers.push(await answerOf(executor, one))
  return answers
}

/** Values and derivatives of one case. */
export async function answerOf(executor: Executor, one: Case): Promise<Answer> {
  const { graph, feeds } = problemOf(one)
  try {
    const program = await executor.compile(graph)
    const found = dataOf(await program.run(feeds))
    await program.close()
    return { title: one.title, found, expected: dataOf(await (await referenceExecutor().compile(graph)).run(feeds)) }
  } catch (error) {
    return { title: one.title, error: String(error) }
  }
}

/** Losses of LA2DS's tiny training, six steps. */
export async function la2dsLosses(executor: Executor = ortExecutor({ device: 'cpu', threads: 1 })): Promise<number[]> {
  const losses: number[] = []
  await train(training(3, { executor, onStep: ({ loss }) => { losses.push(loss) } }))
  return losses
}

function dataOf(outputs: Readonly<Record<string, { readonly data: Float32Array }>>): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data.slice()]))
}
