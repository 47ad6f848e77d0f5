// A contender of ours, over the built package: answers what contest.ts asks, on standard input and output.
import { createInterface } from 'node:readline'

/** `step` answers the loss of one training step. */
export async function serveSteps(title, step) {
  const say = (answer) => console.log(JSON.stringify(answer))
  say({ title })
  for await (const question of createInterface({ input: process.stdin })) {
    if (question === 'peak') {
      say({ peakMb: process.resourceUsage().maxRSS / 1024 })
      continue
    }
    const [start, before] = [performance.now(), process.cpuUsage()]
    const loss = await step()
    const [wall, { user, system }] = [performance.now() - start, process.cpuUsage(before)]
    say({ wall, cpu: (user + system) / 1000, loss })
  }
}
