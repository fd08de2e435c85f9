import { readFileSync } from 'node:fs'
import path from 'node:path'
import { runInFront } from './child.mjs'
import { root } from './ready.mjs'

/** A stage of the tests failed; what failed in it stands on the terminal already. */
export class StageFailed extends Error {}

/**
 * @typedef {object} Stage
 * @property {string} title
 * @property {readonly (readonly [string, ...string[]])[]} runs scripts to run one after the other, each with its arguments
 * @property {NodeJS.ProcessEnv} [env]
 * @property {() => string} [tally] what it did, from the report it left; throws StageFailed
 */

/**
 * The stages of `npm test`, in order.
 * @param {string} reports a folder for what stages report
 * @returns {Stage[]}
 */
export function testStages(reports) {
  const units = path.join(reports, 'vitest.json')
  const browser = path.join(reports, 'playwright.json')
  return [
    { title: 'Types', runs: [['node_modules/typescript/bin/tsc', '-b']] },
    {
      title: 'Lint',
      runs: [
        [
          'node_modules/oxlint/bin/oxlint',
          '--type-aware',
          '--deny-warnings',
          '--report-unused-disable-directives',
        ],
        ['node_modules/@biomejs/biome/bin/biome', 'ci', '.'],
        ['node_modules/knip/bin/knip.js'],
      ],
    },
    {
      title: 'Unit and integration tests',
      runs: [
        [
          'node_modules/vitest/vitest.mjs',
          'run',
          '--reporter=default',
          '--reporter=json',
          `--outputFile.json=${units}`,
        ],
      ],
      tally: () => tallyOfUnits(units),
    },
    {
      title: 'Browser tests',
      runs: [
        [
          'e2e/node_modules/@playwright/test/cli.js',
          'test',
          '--config=e2e/playwright.config.ts',
          '--reporter=list,json',
        ],
      ],
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: browser },
      tally: () => tallyOfBrowser(browser),
    },
  ]
}

/** @returns {Stage[]} */
export const soakStages = () => [
  {
    title: 'Soak tests',
    runs: [['node_modules/vitest/vitest.mjs', 'run', '--config=vitest.soak.config.ts']],
  },
]

/** @returns {Stage[]} */
export const benchStages = () => [
  {
    title: 'Benchmarks',
    runs: [
      ['e2e/bench/start.ts'],
      ['e2e/bench/scan.ts'],
      ['e2e/bench/match.ts'],
      ['e2e/bench/import.ts'],
      ['e2e/bench/import-store.ts'],
      ['e2e/bench/webhooks.ts'],
      ['e2e/bench/lists.ts'],
      ['e2e/bench/rules.ts'],
      ['e2e/bench/portal.ts'],
    ],
  },
]

/** @returns {Stage[]} */
export const scorecardStages = () => [{ title: 'Scorecard', runs: [['packages/engine/scorecard/main.ts']] }]

/**
 * Runs one stage under a heading that says how long it took.
 * @param {string} node
 * @param {Stage} stage
 * @returns {Promise<string | null>} its tally
 * @throws {StageFailed}
 */
export async function runStage(node, { title, runs, env, tally }) {
  const startedAt = performance.now()
  process.stdout.write(`\n== ${title}\n`)
  for (const [script, ...args] of runs) {
    const code = await runInFront(node, [path.join(root, script), ...args], {
      cwd: root,
      // What a tool or a test calls "node" is the same Node.js.
      env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`, ...env },
    })
    if (code !== 0) throw new StageFailed(`${title} (${path.basename(script)} ended with ${code})`)
  }
  const counted = tally?.() ?? null
  process.stdout.write(
    `== ${title}: ${[...(counted ? [counted] : []), secondsSince(startedAt)].join(', ')}\n`,
  )
  return counted
}

/** @param {number} startedAt */
export const secondsSince = startedAt => `${((performance.now() - startedAt) / 1000).toFixed(0)} s`

/**
 * A test that did not run must not look like one that passed.
 * @param {string} what
 * @param {readonly string[]} skipped
 */
function refuseSkipped(what, skipped) {
  if (skipped.length > 0)
    throw new StageFailed(`${skipped.length} ${what} were skipped: ${skipped.join('; ')}`)
}

/** @param {string} file */
function tallyOfUnits(file) {
  /** @type {{ testResults: { assertionResults: { status: string, fullName: string }[] }[] }} */
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const tests = report.testResults.flatMap(result => result.assertionResults)
  refuseSkipped(
    'tests',
    tests.filter(test => test.status !== 'passed').map(test => test.fullName),
  )
  return `${tests.length} unit and integration tests`
}

/** @param {string} file */
function tallyOfBrowser(file) {
  /** @typedef {{ title: string, suites?: Suite[], specs?: { title: string, tests: { status: string }[] }[] }} Suite */
  /** @type {{ suites: Suite[] }} */
  const report = JSON.parse(readFileSync(file, 'utf8'))
  /** @param {Suite} suite @returns {{ title: string, tests: { status: string }[] }[]} */
  const specsOf = suite => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)]
  const specs = report.suites.flatMap(specsOf)
  refuseSkipped(
    'browser tests',
    specs.filter(spec => spec.tests.some(test => test.status === 'skipped')).map(spec => spec.title),
  )
  return `${specs.length} browser tests`
}
