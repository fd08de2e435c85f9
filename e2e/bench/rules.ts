import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from '../../apps/server/db/open.ts'
import { inTransaction } from '../../apps/server/db/statements.ts'
import { createEventBus } from '../../apps/server/events.ts'
import { listFindings } from '../../apps/server/findings/list.ts'
import { createLog } from '../../apps/server/log.ts'
import { startHeavyReads } from '../../apps/server/posture/heavy-reads.ts'
import { createRule } from '../../apps/server/rules/create.ts'
import { deleteRule } from '../../apps/server/rules/delete.ts'
import { startRuleKeeper } from '../../apps/server/rules/keeper.ts'
import { insertRule } from '../../apps/server/rules/rule.ts'
import { makeLargeFleet, placeOfImage } from '../../apps/server/testdata/large-fleet.ts'

/**
 * What previewing, applying and deleting a disable rule take in a fleet of a million findings, and what other requests
 * wait meanwhile; as ratios to counting the open findings, in the same run. Prints figures and asserts none.
 */
const images = Number(process.env['PLIMSOLL_BENCH_IMAGES'] ?? 10_000)
const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-bench-'))
const db = openDatabase(dataDir)
makeLargeFleet(db, { images, findingsPerImage: 100, matches: 20_000 })
db.$client.pragma('wal_checkpoint(TRUNCATE)')

const base = { db, events: createEventBus(), log: createLog('silent', process.stderr) }
const rules = startRuleKeeper(base)
const heavyReads = startHeavyReads(dataDir)
const deps = { ...base, rules, viewer: { name: 'bench' } }

type Rule = Parameters<typeof createRule>[0]
const none = {
  ids: [],
  cves: [],
  categories: [],
  securityChecks: [],
  packages: [],
  ecosystems: [],
  distributions: [],
}
const unset = { cvssBelow: null, severityBelow: null, notPatchable: false, epssBelow: null, kev: null }
const rule = (criteria: Partial<Rule['criteria']>, scope: Partial<Rule['scope']> = {}): Rule => ({
  name: 'bench',
  scope: { kind: 'tenant', id: 'tenant', repository: null, tag: null, digest: null, ...scope },
  match: 'any',
  criteria: { ...none, ...unset, ...criteria },
  overrides: false,
  untilFixed: false,
  reason: null,
  justification: '',
  owner: '',
  expiresAt: null,
})
const cases: readonly (readonly [string, Rule])[] = [
  ['below High, everywhere', rule({ severityBelow: 'High' })],
  ['without a fix, everywhere', rule({ notPatchable: true })],
  ['one package, everywhere', rule({ packages: ['source-12'] })],
  [
    'a package pattern, in some repositories',
    rule({ packages: ['source-1*'] }, { repository: 'team/service-1*' }),
  ],
]

const firstPage = { sort: '-saved', page: 1, size: 50 } as const
const counted = timed(() => db.$client.prepare(`select count(*) from finding f where f.state = 'open'`).get())
const { total } = db.$client.prepare('select count(*) total from finding').get() as { total: number }
const rows = []
for (const [name, asked] of cases) {
  const previews: number[] = []
  let disables = 0
  for (let run = 0; run < 5; run += 1) {
    const from = performance.now()
    const { preview } = await heavyReads.rulePreview({ id: null, rule: asked, now: new Date().toISOString() })
    previews.push(performance.now() - from)
    disables = preview.disables
  }
  let id = ''
  const applied = await besideReaders(async () => {
    ;({ id } = await createRule(asked, deps))
  })
  const listing = await clock(
    async () => await heavyReads.rules({ ...firstPage, now: new Date().toISOString() }),
  )
  const deleted = await besideReaders(async () => await deleteRule(id, deps))
  rows.push({
    rule: name,
    'findings it disables': disables,
    'preview ms (goal 300)': median(previews).toFixed(0),
    'preview / count': (median(previews) / counted).toFixed(1),
    'apply s (goal 5)': (applied.ms / 1000).toFixed(2),
    'others p95 ms (goal 100)': applied.p95.toFixed(1),
    'delete s': (deleted.ms / 1000).toFixed(2),
    'list of rules ms': listing.toFixed(0),
  })
}
console.log(
  `\nDisable rules among ${total} findings of ${images} images; counting the open ones: ${counted.toFixed(0)} ms`,
)
console.table(rows)

/** With ten thousand rules more: for registries, some for repositories or tags in them, one overriding those of its scope. */
makeManyRules(10_000)
const placed = await clock(async () => await rules.changed())
const listings: number[] = []
for (let run = 0; run < 5; run += 1) {
  // Another moment is another question: what was answered is kept.
  const now = new Date(Date.now() + run).toISOString()
  listings.push(await clock(async () => await heavyReads.rules({ ...firstPage, sort: '-disables', now })))
}
console.log(
  `10,000 rules: in place after ${(placed / 1000).toFixed(1)} s, a page of their list in ${median(listings).toFixed(0)} ms (${(median(listings) / counted).toFixed(1)} times counting)`,
)
await rules.stop()
await heavyReads.stop()
db.$client.close()
await rm(dataDir, { recursive: true })

/** Judged by hand: what that takes for one rule is told above. */
function makeManyRules(number: number): void {
  const match = db.$client.prepare(
    'insert or ignore into disable_rule_match (rule_id, match_id) values (?, ?)',
  )
  inTransaction(db, () => {
    for (let at = 0; at < number; at += 1) {
      const scope = {
        kind: 'registry' as const,
        id: `registry-${at % 100}`,
        repository: at % 10 < 4 ? `team/service-${at % 1000}` : null,
        tag: at % 10 === 4 ? '1.*' : null,
      }
      const made = { ...rule({ cves: [`CVE-2024-${10_000 + at}`] }, scope), overrides: at === 7 }
      const id = insertRule(db, 100 + at, made, {
        by: 'bench',
        at: new Date().toISOString(),
        origin: 'portal',
      })
      db.$client.prepare('update disable_rule set judged = 1 where id = ?').run(id)
      for (let chosen = 0; chosen < 5; chosen += 1) match.run(id, 1 + ((at * 7 + chosen * 131) % 20_000))
    }
  })
}

/** Asks for pages of findings every 10 ms meanwhile, as a server does on the same thread. */
async function besideReaders(work: () => Promise<unknown>): Promise<{ ms: number; p95: number }> {
  const waits: number[] = []
  let working = true
  const reading = (async () => {
    for (let asked = 0; working; asked += 1) {
      const from = performance.now()
      await pause(10)
      const { registry: registryId, ...place } = placeOfImage(asked % images)
      listFindings(db, {
        filter: { status: 'open', registryId, ...place },
        sort: '-severity',
        page: 1,
        size: 50,
      })
      waits.push(performance.now() - from - 10)
    }
  })()
  const ms = await clock(work)
  working = false
  await reading
  return { ms, p95: waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.95)] ?? 0 }
}

async function clock(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

function timed(work: () => unknown): number {
  const from = performance.now()
  work()
  return performance.now() - from
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
