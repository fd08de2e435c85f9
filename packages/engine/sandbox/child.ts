import { writeSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { CoverageReason } from '@plimsoll/types'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { type Evidence, findEvidence } from '../inventory/databases.ts'
import { type PackageBatch, takeInventory } from '../inventory/take-inventory.ts'
import { printable } from '../layers/entry-path.ts'
import { LimitHit, outOfTime } from '../layers/limits.ts'
import { newBudget } from '../layers/read-layer.ts'
import { messageFrame, readFrames } from './frames.ts'
import type { Answer } from './messages.ts'
import { CorruptLayerAt, newReading, type Reading, readLayers } from './read-layers.ts'
import { nextRequest } from './requests.ts'

/** What the parent says is small; it is trusted, but a bound costs nothing. */
const maxRequestBytes = 4 * 1024 * 1024
const maxReasons = 100
const maxReasonLength = 1000

/** The two directions of the pipe to the parent. */
export interface Line {
  readonly input: Readable
  readonly output: { write(bytes: Uint8Array): unknown }
}

/**
 * Written synchronously, not through `process.stdout`, which would hoard what the parent has not read yet; so the
 * parent's pace is kept, and nothing is left unsaid when the process ends.
 */
const standardOutput = {
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at)
  },
}

/**
 * The child's side of `readInventory`: reads layers from the line, and answers on it. In the child that is standard
 * input and output, of a process that may do nothing else. Ends when the answer is given or the parent hangs up.
 */
export async function answerParent(
  ecosystems: readonly Ecosystem[],
  { input, output }: Line = { input: process.stdin, output: standardOutput },
): Promise<void> {
  const requests = readFrames(input, maxRequestBytes)
  const answer = (message: Answer): void => void output.write(messageFrame(message))
  const start = await nextRequest(requests, 'start')
  const timer = new AbortController()
  const budget = newBudget(start.limits, timer.signal)
  const timeout = setTimeout(() => {
    timer.abort()
    input.destroy(outOfTime(start.limits)) // Ends the wait for bytes that do not come.
  }, start.limits.timeoutMs)

  const reading = newReading({ requests, answer, layers: start.layers, ecosystems, budget })
  try {
    const evidence = await readLayers(reading)
    answerInventory(reading, evidence, null)
  } catch (cause) {
    if (cause instanceof LimitHit) {
      const evidence = findEvidence(reading.tree.root, ecosystems)
      reading.history.observe(reading.layer, () => evidence)
      answerInventory(reading, evidence, cause)
    } else if (cause instanceof CorruptLayerAt) {
      answer({ kind: 'corrupt', layer: cause.layer, message: cause.message })
    } else throw cause
  } finally {
    clearTimeout(timeout)
    input.destroy()
  }
}

function answerInventory(reading: Reading, evidence: Evidence, limit: LimitHit | null): void {
  const { budget, history, nested, tree, answer } = reading
  const { maxPackages } = budget.limits
  const emit = (batch: PackageBatch): void => answer({ kind: 'packages', ...batch })
  const taken = takeInventory(evidence, history, maxPackages, emit)
  const reasons = [
    limit?.reason,
    ...budget.reasons.values(),
    ...taken.reasons,
    nested.reason(tree.root, evidence),
  ]
  // One file may be in the way of several databases, which need it beside them.
  const different = new Map(reasons.flatMap(one => (one ? [[one.message, one] as const] : [])))
  answer({ kind: 'inventory', ...taken, reasons: bounded([...different.values()]) })
}

/** Hostile images can have any number of things wrong with them; people read the first few. */
function bounded(reasons: readonly CoverageReason[]): CoverageReason[] {
  const shown = reasons
    .slice(0, maxReasons)
    .map(({ code, message }) => ({ code, message: printable(message.slice(0, maxReasonLength)) }))
  const more = reasons.length - shown.length
  const last = reasons.at(-1)
  if (more > 0 && last) shown.push({ code: last.code, message: `${more} more could not be read.` })
  return shown
}
