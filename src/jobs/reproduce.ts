import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../catalog.ts'
import { readRun } from '../train/index.ts'
import type { Difference, Findings, Note } from './difference.ts'
import { machine } from './machine.ts'
import { type Chain, redo, type ReproduceEffects, type ReproduceRequest, type Stage, stages, takeOver } from './reproduce-chain.ts'
import { isPurge } from './split-members.ts'
import { tolerancesOf, versionNotes } from './same-bits.ts'
import { versions } from './versions.ts'

/** What `posetta reproduce` found. */
export type Reproduction = {
  readonly run: string
  readonly stages: readonly { readonly stage: Stage; readonly state: 'same' | 'different' | 'not done' }[]
  readonly differences: readonly (Difference & { readonly stage: Stage })[]
  readonly notes: readonly Note[]
  /** Why numbers may differ by their tolerance; none = every bit is promised. */
  readonly reasons: readonly string[]
}

/**
 * Makes a run again, link by link, in a temporary folder that is gone afterwards, and lists what comes out otherwise. A link is made of what its own record names,
 * so that what differs is told of the link it differs in; the measures alone are taken of the training made anew, where there is one. Throws E_VERSION_GONE,
 * E_RUN_UNFINISHED, and what ingest, training and evaluation throw.
 */
export async function reproduceJob(request: ReproduceRequest, effects: ReproduceEffects): Promise<Reproduction> {
  const { storeDir, runsDir, catalogFiles = [] } = request
  const record = await readRun(runsDir, request.run)
  const scratch = await mkdtemp(join(tmpdir(), 'posetta-reproduce-'))
  try {
    const chain: Chain = {
      request, record, effects, catalogFiles, scratch, again: join(scratch, 'runs'), entry: entryOf(await readCatalog(catalogFiles), record.dataset),
      versions: await versions(), tolerances: tolerancesOf(record, { machine: machine(), versions: await versions() }), place: { storeDir, commit: '' }, made: record.run,
    }
    const links: Link[] = []
    let stopped: string | null = null
    for (const stage of stages) {
      const isWanted = request.only.length === 0 || request.only.includes(stage)
      if (isWanted && stopped !== null) links.push({ stage, findings: null })
      if (stopped !== null) continue
      if (isWanted) effects.onStage?.(stage)
      const { stop, ...findings } = await (isWanted ? redo : takeOver)[stage](chain).catch(stopAtPurged)
      if (isWanted) links.push({ stage, findings: 'differences' in findings ? findings : null })
      stopped = stop
    }
    return resultOf(chain, links, stopped)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

type Link = { readonly stage: Stage; readonly findings: Findings | null }

/** A link that needs clips that were purged is not made, and none after it. */
function stopAtPurged(error: unknown): { stop: string } {
  if (isPurge(error)) return { stop: error.message }
  throw error
}

function resultOf({ record, versions, tolerances }: Chain, links: readonly Link[], stopped: string | null): Reproduction {
  const stateOf = ({ findings }: Link) => (findings === null ? 'not done' : findings.differences.length > 0 ? 'different' : 'same')
  return {
    run: record.run, stages: links.map((link) => ({ stage: link.stage, state: stateOf(link) })),
    differences: links.flatMap(({ stage, findings }) => (findings?.differences ?? []).map((one) => ({ stage, ...one }))),
    notes: [
      ...versionNotes('the training', record.versions, versions), ...links.flatMap(({ findings }) => findings?.notes ?? []),
      ...links.filter(({ findings }) => findings === null).map(({ stage }) => ({ what: stage, was: null, is: `not made again: ${stopped}` })),
    ],
    reasons: tolerances.reasons,
  }
}
