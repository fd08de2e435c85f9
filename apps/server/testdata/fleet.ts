import type { Match } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { ensureOccurrence, ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'

/** A match of made-up facts, for tests of what is done with matches. */
export function madeMatch(facts: Partial<Match> = {}): Match {
  const vulnerabilityId = facts.vulnerabilityId ?? 'CVE-2024-0001'
  const sourceName = facts.sourceName ?? 'openssl'
  const sourceVersion = facts.sourceVersion ?? '3.0.11-1'
  return {
    vulnerabilityId,
    aliases: [],
    advisoryIds: [`DEBIAN-${vulnerabilityId}`],
    ecosystem: 'deb',
    feed: 'Debian:12',
    sourceName,
    sourceVersion,
    packages: [
      { name: sourceName, version: sourceVersion, arch: 'amd64', path: 'var/lib/dpkg/status', layer: null },
    ],
    class: 'security',
    state: 'open',
    undeterminedReason: null,
    severity: 'High',
    severitySource: 'CVSS 3.1',
    vendorSeverities: [],
    cvss: [],
    cvssV3BaseScore: 7.5,
    fixState: 'available',
    fixedVersion: '3.0.13-1',
    patchable: true,
    category: 'Debian',
    securityCheck: `Debian security update for ${sourceName} (${vulnerabilityId})`,
    description: null,
    remediation: { summary: `Upgrade ${sourceName}.`, command: null },
    cves: vulnerabilityId.startsWith('CVE-')
      ? [{ title: vulnerabilityId, link: `https://www.cve.org/CVERecord?id=${vulnerabilityId}` }]
      : [],
    vendorReferences: [],
    publishedAt: '2024-01-26T09:15:00.000Z',
    modifiedAt: null,
    explanations: [
      {
        advisoryId: `DEBIAN-${vulnerabilityId}`,
        feed: 'Debian:12',
        packageName: sourceName,
        module: null,
        comparator: 'deb',
        installed: sourceVersion,
        introduced: '0',
        fixed: '3.0.13-1',
        lastAffected: null,
        listed: false,
      },
    ],
    ...facts,
  }
}

/** A digest of a made-up image: its number, padded. */
export const madeDigest = (number: number): string => `sha256:${number.toString(16).padStart(64, '0')}`

/** An occurrence with a complete result, in places made for it. @returns its id. */
export function madeOccurrence(
  db: Db,
  place: { subscription?: string; registry?: string; repository?: string; digest: string },
  at = '2024-02-01T00:00:00.000Z',
): number {
  const { subscription = 'main', registry = 'reg', repository = 'team/api', digest } = place
  ensureSubscription(db, { id: subscription, name: subscription }, at)
  ensureRegistry(
    db,
    { id: registry, subscriptionId: subscription, name: registry, kind: 'distribution', url: null },
    at,
  )
  const { id } = ensureOccurrence(db, ensureRepository(db, registry, repository), digest, at)
  db.$client.prepare(`update occurrence set coverage_status = 'complete', scanned_at = ? where id = ?`).run(at, id)
  return id
}
