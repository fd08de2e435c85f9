import { type FindingFilter, findingClasses, severities, severityRank } from '@plimsoll/types'
import { expect } from 'vitest'
import { type Asked, keyOf, nameOf } from './asked.ts'
import { type Chosen, choose } from './chosen.ts'
import { byText, recount } from './recount.ts'
import { cves } from './records.ts'
import type { SeenFinding } from './seen.ts'
import type { World } from './world.ts'

export async function agreesOnFindings(asked: Asked): Promise<void> {
  const { scope, pick } = asked
  const status = pick(['open', 'open', 'disabled', 'undetermined', 'closed'] as const) ?? 'open'
  for (const filter of [{ status }, made(asked)]) await agreesOnFilter(asked, { status, ...filter, ...(scope && { scope }) })
}

/** A filter of one field or two, with values that are there. */
function made({ world, count: { images }, pick }: Asked): Partial<FindingFilter> {
  const seen = pick(images)
  const match = pick(seen?.findings ?? [])?.finding.match ?? pick(images.flatMap(({ findings }) => findings))?.finding.match
  const place = seen && { registryId: seen.repository.registry, repository: seen.repository.name }
  const digest = seen?.image.digest
  const layer = pick(match?.packages ?? [])?.layer
  const fields: (Partial<FindingFilter> | undefined)[] = [
    { severity: [pick(severities) ?? 'High', pick(severities) ?? 'Low'] },
    { fix: pick(['available', 'none'] as const) ?? 'none' },
    { class: ['unimportant'] },
    { class: [...findingClasses] },
    { subscriptionId: seen?.subscription ?? 's1' },
    { registryId: pick(['r1', 'r2', 'r3']) ?? 'r1' },
    place,
    seen && { ...place, digest },
    seen && { digest },
    { cve: pick(cves) ?? cves[0] },
    { kev: pick([true, false]) ?? true },
    { epssAtLeast: pick([0.1, 0.5]) ?? 0.1 },
    { q: pick(['ssl', 'CVE-2026-00', 'dsa', 'zlib']) ?? '' },
    match && { securityCheck: match.securityCheck },
    match && { package: pick(match.packages)?.name ?? match.sourceName },
    match && { feed: match.feed },
    layer ? { digest, layer } : undefined,
    seen && { digest, origin: pick(['base', 'own'] as const) ?? 'own' },
    { ruleId: pick(world.rules)?.id ?? '1' },
  ]
  const status = pick(['open', 'open', 'disabled', 'undetermined', 'closed'] as const) ?? 'open'
  return { status, ...pick(fields), ...pick([pick(fields), {}]) }
}

async function agreesOnFilter({ api, world, count: { images } }: Asked, filter: FindingFilter): Promise<void> {
  const expected = choose(world, images, filter)
  const { rows, total, disabledTotal } = await api.findings.list({ filter, size: 200 })
  const told = rows.map(row => ({
    key: [nameOf(row), row.vulnerabilityId, row.ecosystem, row.sourceName, row.sourceVersion].join(' '),
    state: row.state,
    severity: row.severity,
    patchable: row.patchable,
    firstSeenAt: row.firstSeenAt,
    tags: row.tags,
    kev: row.kev !== null,
    epss: row.epss?.probability ?? null,
    rules: row.rules.map(({ id }) => id).toSorted((a, b) => Number(a) - Number(b)),
  }))
  const words = JSON.stringify(filter)
  expect(told.toSorted((a, b) => byText(a.key, b.key)), words).toEqual(
    expected.map(one => rowOf(world, one)).toSorted((a, b) => byText(a.key, b.key)),
  )
  const chosen = (other: Partial<FindingFilter>): number => choose(world, images, { ...filter, ...other }).length
  expect([total, disabledTotal], words).toEqual([expected.length, chosen({ status: 'disabled' })])
  const ranks = rows.map(({ severity }) => severityRank[severity])
  expect(ranks).toEqual(ranks.toSorted((a, b) => b - a))
  expect(await api.findings.beside(filter), words).toEqual({
    undetermined: chosen({ status: 'undetermined', class: undefined }),
    unimportant: chosen({ class: ['unimportant'] }),
    kernelHeaders: chosen({ class: ['kernel-headers'] }),
  })
}

function rowOf({ advisories: { exploited, odds } }: World, { seen, found: { finding, state, rules } }: Chosen) {
  const { match, firstSeenAt } = finding
  return {
    key: [keyOf(seen), match.vulnerabilityId, match.ecosystem, match.sourceName, match.sourceVersion].join(' '),
    state,
    severity: match.severity,
    patchable: match.patchable,
    firstSeenAt,
    tags: seen.tags,
    kev: exploited.has(match.vulnerabilityId),
    epss: odds.get(match.vulnerabilityId) ?? null,
    rules: state === 'disabled' ? rules.toSorted((a, b) => Number(a) - Number(b)) : [],
  }
}

/** One by itself, with its end and the other images that have it. */
export async function agreesOnFinding({ api, world, count, pick }: Asked): Promise<void> {
  const all = count.images.flatMap(seen => seen.findings.map(found => ({ seen, found })))
  const one = pick(all)
  if (one === undefined) return
  const { seen, found } = one
  const { match, closedAt, closeReason } = found.finding
  const digest = { registryId: seen.repository.registry, repository: seen.repository.name, digest: seen.image.digest }
  const filter = { ...digest, status: found.state as FindingFilter['status'], class: [match.class], feed: match.feed }
  const { rows } = await api.findings.list({ filter, size: 200 })
  const row = rows.find(
    ({ vulnerabilityId, sourceName, sourceVersion }) =>
      vulnerabilityId === match.vulnerabilityId && sourceName === match.sourceName && sourceVersion === match.sourceVersion,
  )
  if (row === undefined) throw new Error('the finding is not in its own list')
  // In whichever scope it was picked: all images that have it and count.
  const isOpen = ({ finding }: SeenFinding): boolean =>
    finding.state === 'open' && finding.match.vulnerabilityId === match.vulnerabilityId
  const affected = recount(world).images.filter(
    ({ image, plan, findings }) => image === seen.image || (plan === 'on' && findings.some(isOpen)),
  )
  const told = await api.findings.get({ id: row.id })
  expect(told).toMatchObject({ state: found.state, closedAt, closeReason, rules: row.rules })
  expect(told.affectedImagesTotal).toBe(affected.length)
  expect(told.affectedImages[0]).toMatchObject(digest)
}
