import fc from 'fast-check'
import { sourceNames, sources, versions } from './contents.ts'

/** What a place of advisories holds, and how it changes from one import to the next. */

/** An OSV record by its folder. */
export interface PlacedRecord {
  readonly folder: Folder
  readonly json: { readonly id: string }
}
export type Folder = 'Debian' | 'Alpine' | 'Wolfi'

/** A record that is new, says something else or is taken back; without `json` the place has it no more. */
export interface RecordChange {
  readonly folder: Folder
  readonly id: string
  readonly json: { readonly id: string } | null
}

/** What else a place has; absent: as it is. */
export interface ListChange {
  readonly kev?: readonly string[]
  readonly epss?: Readonly<Record<string, number>>
  readonly facts?: Readonly<Record<string, string>>
}

export const cves = ['CVE-2026-0001', 'CVE-2026-0002', 'CVE-2026-0010'] as const

const ids: readonly { readonly folder: Folder; readonly id: string; readonly about: string[] }[] = [
  { folder: 'Debian', id: 'DEBIAN-CVE-2026-0001', about: [cves[0]] },
  { folder: 'Debian', id: 'DEBIAN-CVE-2026-0002', about: [cves[1]] },
  { folder: 'Debian', id: 'DSA-5001-1', about: [cves[0], cves[1]] },
  { folder: 'Debian', id: 'TEMP-0500-1A2B3C', about: [] },
  { folder: 'Alpine', id: 'ALPINE-CVE-2026-0001', about: [cves[0]] },
  { folder: 'Alpine', id: 'ALPINE-CVE-2026-0010', about: [cves[2]] },
  { folder: 'Wolfi', id: 'CGA-2222-3333-4444', about: [cves[1]] },
]
const feeds = { Debian: ['Debian:12', 'Debian:12', 'Debian:12', 'Debian:11'], Alpine: ['Alpine:v3.22'], Wolfi: ['Wolfi'] } as const

const vectors = [
  'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
  'CVSS:3.1/AV:N/AC:H/PR:L/UI:R/S:U/C:L/I:L/A:L',
  'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N',
] as const

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values)

const change: fc.Arbitrary<RecordChange> = some(...ids, ...ids.slice(0, 3)).chain(({ folder, id, about }) =>
  fc
    .record({
      // Most say what their name says; some learn it late, or say something else.
      upstream: fc.oneof(
        { weight: 5, arbitrary: fc.constant(about) },
        { weight: 1, arbitrary: fc.constant<string[]>([]) },
        { weight: 2, arbitrary: fc.subarray<string>([...cves, 'TEMP-0500-1A2B3C'], { maxLength: 2 }) },
      ),
      aliases: fc.oneof(
        { weight: 4, arbitrary: fc.constant<string[]>([]) },
        { weight: 1, arbitrary: fc.subarray<string>([...cves, 'TEMP-0500-1A2B3C', 'DSA-5001-1'], { minLength: 1, maxLength: 1 }) },
      ),
      affected: fc.uniqueArray(affectedIn(folder), {
        selector: ({ package: of }) => `${of.ecosystem} ${of.name}`,
        minLength: 1,
        maxLength: 3,
      }),
      vector: some(null, ...vectors),
      state: some('said', 'said', 'said', 'said', 'said', 'said', 'withdrawn', 'gone'),
    })
    .map(({ upstream, aliases, affected, vector, state }): RecordChange => {
      if (state === 'gone') return { folder, id, json: null }
      const severity = vector === null ? [] : [{ type: 'CVSS_V3', score: vector }]
      const named = { upstream: [...upstream].filter(one => one !== id), aliases: aliases.filter(one => one !== id) }
      const withdrawn = state === 'withdrawn' ? { withdrawn: '2026-08-01T00:00:00Z' } : {}
      const dates = { published: '2026-07-01T00:00:00Z', modified: '2026-08-01T00:00:00Z' }
      return { folder, id, json: { id, ...dates, ...withdrawn, ...named, ...{ severity, affected } } }
    }),
)

function affectedIn(folder: Folder) {
  const ecosystem = folder === 'Debian' ? 'deb' : 'apk'
  // Wolfi's name binary packages.
  const names = folder === 'Wolfi' ? sourceNames.flatMap(source => sources.apk[source]) : sourceNames
  const [, second, third] = versions[ecosystem]
  return fc
    .record({
      feed: some(...feeds[folder]),
      name: some<string>(...names),
      introduced: some('0', '0', '0', '0', second),
      fixed: some(null, null, second, third, third),
      urgency: some(null, null, null, null, null, 'unimportant', 'low', 'high'),
    })
    .map(({ feed, name, introduced, fixed, urgency }) => ({
      package: { ecosystem: feed, name },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced }, ...(fixed === null || fixed === introduced ? [] : [{ fixed }])] }],
      ...(urgency === null ? {} : { ecosystem_specific: { urgency } }),
    }))
}

const lists: fc.Arbitrary<ListChange> = fc.record(
  {
    kev: fc.subarray([...cves]),
    epss: fc.dictionary(some(...cves), some(0.05, 0.1, 0.5, 0.9)),
    facts: fc.dictionary(some(...cves), some(...vectors)),
  },
  { requiredKeys: [] },
)

export interface Edition {
  readonly records: readonly RecordChange[]
  readonly lists: ListChange
}

/** What changed in a place since it was imported last. */
export const editions = (least: number, most: number): fc.Arbitrary<Edition> =>
  fc.record({
    records: fc.uniqueArray(change, { selector: one => one.id, minLength: least, maxLength: most }),
    lists: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: lists }),
  })

/**
 * Each folder has something always: an archive without a record would be none. Feeds of the releases here come and go
 * with the records that name them.
 */
export const standing: readonly PlacedRecord[] = (['Debian:13', 'Alpine:v3.1', 'Wolfi'] as const).map(feed => {
  const folder = feed.split(':')[0] as Folder
  const affected = [{ package: { ecosystem: feed, name: 'nothing' }, versions: ['0'] }]
  const id = `${folder.toUpperCase()}-CVE-2000-0001`
  return { folder, json: { id, ...{ modified: '2026-01-01T00:00:00Z', affected } } }
})
