// Makes the demonstration's advisories from a folder laid out as OSV's bucket. By hand, when a sample or the choice
// changes: node apps/server/demo/advisories/reduce.ts FOLDER, then commit what it wrote.
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline/promises'
import { createGunzip } from 'node:zlib'
import {
  type AdvisoryLookup,
  advisoryIndex,
  ociLayoutSource,
  parseCveFacts,
  parseOsvRecord,
  readZip,
  SourceError,
  scan,
} from '@plimsoll/engine'
import type { ImageReport, Match } from '@plimsoll/types'
import { z } from 'zod'
import { sampleLayout, writeSamples } from '../samples.ts'
import { snapshotFolders } from '../snapshot.ts'

/** What is kept of an OSV record (https://ossf.github.io/osv-schema/): facts, and nothing of its text. */
const osvFacts = z.object({
  id: z.string(),
  modified: z.string(),
  published: z.string().optional(),
  aliases: z.array(z.string()).optional(),
  upstream: z.array(z.string()).optional(),
  severity: z.array(z.object({ type: z.string(), score: z.string() })).optional(),
  affected: z.array(
    z.object({
      package: z.object({ ecosystem: z.string(), name: z.string() }),
      ranges: z
        .array(z.object({ type: z.string(), events: z.array(z.record(z.string(), z.string())) }))
        .optional(),
      versions: z.array(z.string()).optional(),
    }),
  ),
  references: z.array(z.object({ type: z.string(), url: z.string() })).optional(),
})
type OsvFacts = z.infer<typeof osvFacts>

const vector = z.string().optional()
const cveFacts = z.object({
  id: z.string(),
  published: z.string().nullish(),
  cvssV2_0: vector,
  cvssV3_0: vector,
  cvssV3_1: vector,
  cvssV4_0: vector,
})

/** Findings without a known severity that are kept of each package: some to look at, not the whole heap. */
const unknownKept = 3
/** Advisories that name an installed package but do not concern its version, kept of each package. */
const othersKept = 2

async function reduce(location: string): Promise<void> {
  const cves = new Map<string, string>()
  const lines = readline.createInterface({
    input: createReadStream(path.join(location, 'cve/cve-severity.ndjson.gz')).pipe(createGunzip()),
  })
  for await (const line of lines) {
    const facts = cveFacts.parse(JSON.parse(line))
    cves.set(facts.id, JSON.stringify(facts))
  }
  const records = new Map<string, { folder: string; facts: OsvFacts }>()
  const advisories = []
  for (const folder of snapshotFolders) {
    const limits = { maxEntries: 1e6, maxEntryBytes: 2 ** 26, maxTotalBytes: 2 ** 32 }
    for await (const { content } of readZip(path.join(location, folder, 'all.zip'), limits)) {
      const json: unknown = JSON.parse(content.toString())
      advisories.push(parseOsvRecord(json).advisory)
      const facts = osvFacts.parse(json)
      records.set(facts.id, { folder, facts })
    }
  }
  const lookup = advisoryIndex(
    advisories,
    [...cves.values()].flatMap(line => parseCveFacts(JSON.parse(line)) ?? []),
  )
  const chosen = new Set<string>()
  const present = new Set<string>()
  for (const report of await scanSamples(lookup)) choose(report, lookup, chosen, present)

  const named = new Set<string>()
  for (const folder of snapshotFolders) {
    const kept = [...chosen].toSorted().flatMap(id => {
      const record = records.get(id)
      if (record?.folder !== folder) return []
      for (const cve of [...(record.facts.upstream ?? []), ...(record.facts.aliases ?? [])]) named.add(cve)
      const affected = record.facts.affected.filter(each =>
        present.has(`${each.package.ecosystem} ${each.package.name}`),
      )
      return [JSON.stringify({ ...record.facts, affected })]
    })
    if (kept.length > 0) await write(`${folder}.ndjson`, kept)
  }
  await write(
    'cve.ndjson',
    [...named].toSorted().flatMap(id => cves.get(id) ?? []),
  )
  await reduceKev(location, named)
}

const kevFacts = z.object({
  catalogVersion: z.string(),
  dateReleased: z.string(),
  vulnerabilities: z.array(
    z.object({
      cveID: z.string(),
      dateAdded: z.string(),
      dueDate: z.string(),
      knownRansomwareCampaignUse: z.string(),
    }),
  ),
})

/** Keeps the dates of what CISA's catalogue has of the CVEs that are named. */
async function reduceKev(location: string, named: ReadonlySet<string>): Promise<void> {
  const catalogue = await readFile(path.join(location, 'kev', kevName), 'utf8')
  const { vulnerabilities, ...rest } = kevFacts.parse(JSON.parse(catalogue))
  const kept = vulnerabilities.filter(({ cveID }) => named.has(cveID))
  await write(kevName, [JSON.stringify({ ...rest, vulnerabilities: kept })])
}

const kevName = 'known_exploited_vulnerabilities.json'

/** Scans every sample as the demonstration does. A sample that is damaged on purpose has no report. */
async function scanSamples(advisories: AdvisoryLookup): Promise<ImageReport[]> {
  const signal = new AbortController().signal
  const folder = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-reduce-'))
  const reports: ImageReport[] = []
  try {
    for (const { repository, digest } of await writeSamples(folder)) {
      const source = ociLayoutSource({ directory: sampleLayout(folder, repository), digest })
      for (const image of (await source.resolve([], signal)).images) {
        const progress = scan({ source, image, advisories, today: '2026-11-20', signal })
        try {
          let step = await progress.next()
          while (!step.done) step = await progress.next()
          reports.push(step.value)
        } catch (error) {
          if (!(error instanceof SourceError)) throw error
        }
      }
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  return reports
}

/** Adds the advisories to keep for one image to `chosen`, and the packages they are looked up by to `present`. */
function choose(
  report: ImageReport,
  lookup: AdvisoryLookup,
  chosen: Set<string>,
  present: Set<string>,
): void {
  const newestFirst = (a: string, b: string) => b.localeCompare(a, 'en', { numeric: true })
  const findings = Map.groupBy(report.findings, finding => finding.sourceName)
  for (const name of new Set(report.packages.map(each => each.sourceName))) {
    const ids = (kept: (finding: Match) => boolean) =>
      (findings.get(name) ?? []).filter(kept).flatMap(finding => finding.advisoryIds)
    const unknown = ids(finding => finding.severity === 'Unknown' && finding.state === 'open')
    const known = ids(finding => finding.severity !== 'Unknown' || finding.state !== 'open')
    for (const id of [...known, ...unknown.toSorted(newestFirst).slice(0, unknownKept)]) chosen.add(id)
    for (const { feed } of report.coverage.feeds) {
      const all = new Set(Array.from(lookup.find(feed, name), each => each.advisory.id))
      const others = all.difference(new Set([...known, ...unknown]))
      for (const id of [...others].toSorted(newestFirst).slice(0, othersKept)) chosen.add(id)
      present.add(`${feed} ${name}`)
    }
  }
}

async function write(name: string, lines: readonly string[]): Promise<void> {
  await writeFile(new URL(name, import.meta.url), lines.map(line => `${line}\n`).join(''))
}

const [location] = process.argv.slice(2)
if (location === undefined) throw new Error('Give the folder of advisories: node reduce.ts FOLDER')
await reduce(location)
