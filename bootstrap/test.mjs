// `npm test`: gets everything ready that tests need, then runs them stage by stage, and stops at the first that
// fails. `npm run soak`, `npm run bench` and `npm run scorecard` get ready alike, and run what is too slow for it
// or is measuring.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { NotReady, readyPortal, readyToRun } from './ready.mjs'
import {
  benchStages,
  runStage,
  StageFailed,
  scorecardStages,
  secondsSince,
  soakStages,
  testStages,
} from './stages.mjs'
import { readyTools } from './tools.mjs'

/** @returns {Promise<number>} exit code */
async function main() {
  const startedAt = performance.now()
  const node = await readyToRun()
  await readyTools()
  await readyPortal(node)
  const reports = mkdtempSync(path.join(os.tmpdir(), 'plimsoll-test-'))
  try {
    const plans = { test: testStages, soak: soakStages, bench: benchStages, scorecard: scorecardStages }
    const plan = /** @type {keyof typeof plans} */ (process.argv[2] ?? 'test')
    const tallies = []
    for (const stage of plans[plan](reports)) tallies.push(await runStage(node, stage))
    const totals = tallies.filter(tally => tally !== null).join(' and ')
    process.stdout.write(`\nAll passed in ${secondsSince(startedAt)}${totals ? `: ${totals}` : ''}.\n`)
    return 0
  } finally {
    rmSync(reports, { recursive: true })
  }
}

process.exitCode = await main().catch(error => {
  if (error instanceof NotReady) process.stderr.write(`${error.message}\n`)
  else if (error instanceof StageFailed) process.stdout.write(`\nFailed: ${error.message}\n`)
  else throw error
  return 1
})
