import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepareDataFolder } from '../db/data-folder.ts'
import { openDatabase } from '../db/open.ts'
import { recordFindings } from '../findings/record.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { heavyReadsInline, startHeavyReads } from './heavy-reads.ts'

test('the thread answers as the caller’s own thread would, and notices every change', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-reads-'))
  prepareDataFolder(dataDir)
  const db = openDatabase(dataDir)
  const thread = startHeavyReads(dataDir)
  const inline = heavyReadsInline(db)
  const checks = { tab: 'findings', sort: '-severity', page: 1, size: 50 } as const
  for (let number = 1; number <= 3; number++) {
    const id = madeOccurrence(db, { digest: madeDigest(number) })
    recordFindings(db, id, [madeMatch(), madeMatch({ vulnerabilityId: `CVE-2024-${number}` })], [], '')
    const { rows } = await thread.securityChecks(checks)
    expect(rows.find(row => row.vulnerabilityId === 'CVE-2024-0001')?.appliesToImages).toBe(number)
    expect(await thread.securityChecks(checks)).toEqual(await inline.securityChecks(checks))
    expect(await thread.overview()).toEqual(await inline.overview())
  }
  await thread.stop()
  await expect(thread.overview()).rejects.toThrow('the server stops')
  db.$client.close()
  await rm(dataDir, { recursive: true })
})
