import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEventBus } from '../events.ts'
import { getFinding } from '../findings/get.ts'
import { listFindings } from '../findings/list.ts'
import { loadInventory } from '../jobs/inventory.ts'
import { askToReadAgain } from '../jobs/read-again.ts'
import { chainIdsOf, storeMissingChains } from '../posture/chain.ts'
import { getImage } from '../posture/images.ts'
import { listPackages } from '../posture/packages.ts'
import { startRuleKeeper } from '../rules/keeper.ts'
import { listRules } from '../rules/list.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { databaseFile } from './data-folder.ts'
import { type Db, openDatabase } from './open.ts'

let dataDir: string
let db: Db | null = null
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-migration-'))
})
afterEach(async () => {
  db?.$client.close()
  await rm(dataDir, { recursive: true })
})

const name = { registryId: 'reg', repository: 'team/api', digest: madeDigest(1) }
const layers = [madeDigest(11), madeDigest(12)]
const at = '2024-03-01T00:00:00.000Z'

/** A database as the version before wrote it: with the migrations up to that, and rows in its words. */
async function databaseBefore(): Promise<void> {
  const folder = join(dataDir, 'migrations')
  const migrations = join(import.meta.dirname, 'migrations')
  await mkdir(join(folder, 'meta'), { recursive: true })
  const journal = JSON.parse(await readFile(join(migrations, 'meta/_journal.json'), 'utf8')) as {
    entries: unknown[]
  }
  await writeFile(
    join(folder, 'meta/_journal.json'),
    JSON.stringify({ ...journal, entries: journal.entries.slice(0, 1) }),
  )
  await cp(join(migrations, '0000_start.sql'), join(folder, '0000_start.sql'))
  const client = new Database(databaseFile(dataDir))
  migrate(drizzle(client), { migrationsFolder: folder })

  const ledger = { status: 'complete', reasons: [], packages: { deb: 1 }, feeds: [] }
  const distro = { id: 'debian', versionId: '12', idLike: [], prettyName: 'Debian GNU/Linux 12 (bookworm)' }
  const stored = layers.map(diffId => ({ digest: diffId, diffId, mediaType: 'x', sizeBytes: 1 }))
  const match = {
    vulnerabilityId: 'CVE-2024-0001',
    aliases: [],
    advisoryIds: ['DEBIAN-CVE-2024-0001'],
    sourceName: 'openssl',
    packages: [
      { name: 'libssl3', version: '3', arch: 'amd64', path: 'var/lib/dpkg/status', layer: layers[1] },
      { name: 'openssl', version: '3', arch: 'amd64', path: 'var/lib/dpkg/status', layer: layers[1] },
    ],
    severity: 'High',
    cvss: [],
    explanations: [{ advisoryId: 'DEBIAN-CVE-2024-0001', feed: 'Debian:12', comparator: 'deb' }],
  }
  const run = (sql: string, ...values: unknown[]) => client.prepare(sql).run(...values)
  run(`insert into subscription values ('main', 'Main', ?)`, at)
  run(
    `insert into registry (id, subscription_id, name, kind, created_at) values ('reg', 'main', 'reg', 'distribution', ?)`,
    at,
  )
  run(`insert into repository (id, registry_id, name) values (1, 'reg', 'team/api')`)
  run(
    `insert into image (id, digest, os, architecture, layers, distro, inventory_coverage, package_count, inventoried_at)
     values (1, ?, 'linux', 'amd64', ?, ?, ?, 1, ?)`,
    name.digest,
    JSON.stringify(stored),
    JSON.stringify(distro),
    JSON.stringify(ledger),
    at,
  )
  run(
    `insert into occurrence (id, repository_id, digest, image_id, pushed_at, coverage_status, coverage, scanned_at)
     values (1, 1, ?, 1, ?, 'complete', ?, ?)`,
    name.digest,
    at,
    JSON.stringify(ledger),
    at,
  )
  run(`insert into posture values (1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)`)
  run(`insert into package values (1, 'deb', 'Debian:12', 'libssl3', '3', 'openssl', '3', 'amd64')`)
  run(`insert into evidence values (1, 'var/lib/dpkg/status', ?)`, layers[1])
  run(`insert into image_package values (1, 1, 1)`)
  run(
    `insert into match_fact (id, hash, vulnerability_id, vulnerability_order, ecosystem, feed, source_name,
       source_version, state, severity_rank, patchable, category, security_check, search_text, category_folded,
       security_check_folded, record)
     values (1, 'x', 'CVE-2024-0001', 'CVE-2024-0001', 'deb', 'Debian:12', 'openssl', '3', 'open', 3, 1, 'Debian',
       'Debian security update', 'cve-2024-0001', 'debian', 'debian security update', ?)`,
    JSON.stringify(match),
  )
  run(`insert into match_cve values ('CVE-2024-0001', 1)`)
  run(`insert into finding values (1, 1, 1, 'open', 'security', 3, 1, ?, null, null)`, at)
  client.close()
}

test('what the version before stored is all there, and is asked to be read again', async () => {
  await databaseBefore()
  db = openDatabase(dataDir)
  storeMissingChains(db)

  const image = getImage(db, name)
  expect(image).toMatchObject({ health: 'unhealthy', coverageLedger: { databases: [], release: null } })
  expect(image.layers.map(({ findings, packages }) => [findings, packages])).toEqual([
    [0, 0],
    [1, 1],
  ])
  const [finding] = listFindings(db, { filter: { status: 'open' }, sort: '-epss', page: 1, size: 50 }).rows
  expect(finding).toMatchObject({ vulnerabilityId: 'CVE-2024-0001', kev: null, epss: null })
  expect(getFinding(db, finding?.id ?? '')).toMatchObject({
    match: { vendorSeverities: [], explanations: [{ packageName: 'openssl', module: null }] },
    layers: [{ diffId: layers[1], position: 2, ofBase: false }],
    threatLists: { kev: null, epss: null },
  })
  expect(loadInventory(db, 1)).toMatchObject({
    packages: [{ name: 'libssl3', module: null, vendor: '' }],
    coverage: { status: 'complete', databases: [], release: null },
  })
  expect(listPackages(db, { ...name, page: 1, size: 50 })).toMatchObject({ total: 1 })
  const chains = db.$client.prepare('select chain_ids chainIds, chain_id chainId from image').get()
  const expected = chainIdsOf(layers.map(diffId => ({ diffId })))
  expect(chains).toEqual({ chainIds: JSON.stringify(expected), chainId: expected[1] })
  expect(db.$client.prepare('select * from release_feed').all()).toEqual([
    { release: 'Debian:12', feed: 'Debian:12', names: 'source' },
  ])

  expect(await askToReadAgain(db, at, new AbortController().signal)).toBe(1)
  expect(db.$client.prepare('select trigger, state, digest from scan').all()).toEqual([
    { trigger: 'reader-changed', state: 'queued', digest: name.digest },
  ])
})

test('opening it once more changes nothing', async () => {
  await databaseBefore()
  openDatabase(dataDir).$client.close()
  db = openDatabase(dataDir)
  expect(db.$client.prepare('select count(*) from match_layer').pluck().get()).toBe(1)
})

test('a rule of the version before goes on to hold, in its subscription and without an end', async () => {
  await databaseBefore()
  const before = new Database(databaseFile(dataDir))
  const criteria = {
    ids: [],
    cves: ['CVE-2024-0001'],
    categories: [],
    securityChecks: [],
    cvssBelow: null,
    severityBelow: null,
    notPatchable: false,
  }
  before
    .prepare(
      `insert into disable_rule (id, subscription_id, name, criteria, justification, created_by, created_at)
       values (7, 'main', 'Old', ?, 'Because.', 'Ada', ?)`,
    )
    .run(JSON.stringify(criteria), at)
  before.exec(
    `insert into disable_rule_match values (7, 1); update posture set open_high = 0, patchable_high = 0, disabled = 1`,
  )
  before.close()
  db = openDatabase(dataDir)
  const rules = startRuleKeeper({ db, events: createEventBus(), log: pino({ level: 'silent' }) })
  await rules.changed()
  const list = (status: 'open' | 'disabled') =>
    listFindings(db as Db, { filter: { status }, sort: '-severity', page: 1, size: 50 }).total
  expect([list('open'), list('disabled')]).toEqual([0, 1])
  expect(listRules(db, { sort: '-saved', page: 1, size: 200 }, new Date()).rows).toMatchObject([
    {
      id: '7',
      name: 'Old',
      scope: { kind: 'subscription', id: 'main', repository: null, tag: null, digest: null },
      match: 'any',
      criteria: { ...criteria, packages: [], kev: null },
      overrides: false,
      reason: null,
      expiresAt: null,
      createdBy: 'Ada',
      disables: 1,
    },
  ])
  await rules.stop()
})

test('what took the tag of an index is known of its images, unless a tag leads to them', async () => {
  await databaseBefore()
  const before = new Database(databaseFile(dataDir))
  before.exec(`
    insert into index_member values ('index', 'plain'), ('index', 'tagged'), ('index', 'elsewhere'), ('other', 'elsewhere');
    insert into replaced values (1, 'index', 'newer'), (1, 'elsewhere', 'newer');
    insert into tag values (1, 'a', 'tagged', null, '${at}'), (1, 'b', 'other', null, '${at}')`)
  before.close()
  db = openDatabase(dataDir)
  expect(db.$client.prepare('select digest, by from replaced order by digest').all()).toEqual([
    { digest: 'index', by: 'newer' },
    { digest: 'plain', by: 'newer' },
  ])
})
