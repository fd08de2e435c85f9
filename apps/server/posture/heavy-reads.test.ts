import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepareDataFolder } from '../db/data-folder.ts'
import { openDatabase } from '../db/open.ts'
import { recordFindings } from '../findings/record.ts'
import { Refusal } from '../refusal.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { heavyReadsInline, startHeavyReads } from './heavy-reads.ts'

test('the threads answer as the caller’s own would, refusals too, and notice every change', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-reads-'))
  prepareDataFolder(dataDir)
  const db = openDatabase(dataDir)
  const thread = startHeavyReads(dataDir, { longMs: 0 })
  const inline = heavyReadsInline(db)
  const checks = { tab: 'findings', sort: '-severity', page: 1, size: 50 } as const
  for (let number = 1; number <= 3; number++) {
    const id = madeOccurrence(db, { digest: madeDigest(number) })
    recordFindings(db, id, [madeMatch(), madeMatch({ vulnerabilityId: `CVE-2024-${number}` })], [], '')
    const { rows } = await thread.securityChecks(checks)
    expect(rows.find(row => row.vulnerabilityId === 'CVE-2024-0001')?.appliesToImages).toBe(number)
    expect(await thread.securityChecks(checks)).toEqual(await inline.securityChecks(checks))
    expect(await thread.overview()).toEqual(await inline.overview())
    // Of the other thread.
    expect(await thread.registries()).toMatchObject([{ images: { unhealthy: number } }])
    expect(await thread.registry('reg')).toEqual(await inline.registry('reg'))
    expect(await thread.tree()).toEqual(await inline.tree())
    const images = { superseded: false, page: 1, size: number }
    expect((await thread.images(images)).rows).toHaveLength(number)
  }
  const refused = new Refusal('not-found', 'There is no registry none.')
  for (const reads of [thread, inline]) await expect(reads.registry('none')).rejects.toThrow(refused)
  await expect(thread.registry('none')).rejects.toMatchObject({
    name: 'Refusal',
    code: 'not-found',
    hint: null,
  })
  await thread.stop()
  await expect(thread.registries()).rejects.toThrow('the server stops')
  await expect(thread.overview()).rejects.toThrow('the server stops')
  db.$client.close()
  await rm(dataDir, { recursive: true })
})
