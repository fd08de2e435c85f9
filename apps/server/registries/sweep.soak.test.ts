import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newDisableRuleSchema } from '@plimsoll/types'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Db, openDatabase } from '../db/open.ts'
import { countFindings } from '../findings/list.ts'
import { ensureSubscription } from '../intake/places.ts'
import { createRule } from '../rules/create.ts'
import { startRuleKeeper } from '../rules/keeper.ts'
import { makeLargeFleet } from '../testdata/large-fleet.ts'
import { longestBlock } from '../testdata/longest-block.ts'
import { changeRegistry } from './change.ts'
import { removeRegistry } from './remove.ts'
import { sweepRemoved } from './sweep.ts'
import { testConnections } from './testdata/connections.ts'

/** How long a big registry holds up everybody else: all its write transactions are of this one thread. */

const by = { name: 'Ada' }
/** What a transaction may take, on a machine that is busy with other things as well. */
const boundMs = 50 * 3
const never = new AbortController().signal

let dataDir: string
let db: Db
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-sweep-'))
  db = openDatabase(dataDir)
})
afterEach(async () => {
  db.$client.close()
  await rm(dataDir, { recursive: true })
})

/** All images in one registry, beside the base images of another. */
function makeRegistry(size: { images: number; findingsPerImage: number }): void {
  makeLargeFleet(db, { ...size, matches: 8000 })
  db.$client.exec(`
    update repository set registry_id = 'registry-0' where registry_id like 'registry-%';
    delete from registry where id like 'registry-%' and id <> 'registry-0';
    update registry set url = 'https://' || id || '.example'`)
}

const sizes = [
  { images: 300, findingsPerImage: 300 },
  { images: 20, findingsPerImage: 5000 },
] as const

test.each(sizes)(
  'removing and sweeping $images images with $findingsPerImage findings each',
  async size => {
    makeRegistry(size)
    db.$client.exec(`
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 50000)
      insert into scan (repository_id, registry_id, digest, trigger, state, queued_at)
      select (select id from repository where registry_id = 'registry-0' limit 1), 'registry-0', 'sha256:' || i, 'rescan',
        'queued', '' from n`)
    const deps = { ...testConnections(), db }
    const begun = performance.now()
    const longest = await longestBlock(async () => {
      removeRegistry('registry-0', deps, by)
      await sweepRemoved(db, never)
    })
    const seconds = (performance.now() - begun) / 1000
    console.info(
      `swept ${size.images} × ${size.findingsPerImage} findings and 50000 scans that wait in ${seconds.toFixed(1)} s, longest pause ${longest.toFixed(1)} ms`,
    )
    expect(db.$client.prepare('select count(*) from finding').pluck().get()).toBe(0)
    expect(longest).toBeLessThan(boundMs)
  },
  300_000,
)

test.each(sizes)(
  'moving $images images with $findingsPerImage disabled findings each',
  async size => {
    makeRegistry(size)
    const deps = { ...testConnections(), db }
    ensureSubscription(db, { id: 'other', name: 'Other' }, '2024-03-01T00:00:00.000Z')
    const criteria = { categories: ['Debian'] }
    const rules = startRuleKeeper(deps)
    const scope = { kind: 'subscription', id: 'other' }
    const rule = newDisableRuleSchema.parse({ scope, name: 'All', criteria })
    await createRule(rule, { ...deps, rules, viewer: by })
    const begun = performance.now()
    const longest = await longestBlock(async () => {
      changeRegistry({ registryId: 'registry-0', subscriptionId: 'other' }, deps, by)
      await rules.changed()
    })
    const seconds = (performance.now() - begun) / 1000
    console.info(
      `moved ${size.images} × ${size.findingsPerImage} findings in ${seconds.toFixed(1)} s, longest pause ${longest.toFixed(1)} ms`,
    )
    expect(countFindings(db, { status: 'open' })).toBe(0)
    expect(countFindings(db, { status: 'disabled' })).toBe(size.images * size.findingsPerImage)
    expect(longest).toBeLessThan(boundMs)
  },
  300_000,
)
