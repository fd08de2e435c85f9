import type { ImageReport } from '@plimsoll/types'
import { matchNaively } from '../match/testdata/naive-matcher.ts'
import { debianImage } from '../testdata/debian-image.ts'
import type { AdvisoryData } from './advisory-data.ts'
import { advisoryData } from './advisory-data.ts'
import { expectedFindings, type InstalledHere } from './expected-findings.ts'
import { expectedPackages, type FixtureImage, withFixtureRoot } from './fixture-images.ts'
import { type GoldenFacts, recordsOf } from './golden-facts.ts'
import { goldenImage } from './golden-image.ts'
import { findingLines, scanned } from './scanned-image.ts'
import { type Score, scoreOf } from './score.ts'

/** How exact a scan of one image is: its packages, and what was found in them. */
export interface ReleaseScore {
  readonly title: string
  /** Who wrote the package database, and who is the oracle. */
  readonly evidence: string
  readonly packages: Score
  /** Null where there are no advisories of the release. */
  readonly matches: Score | null
  /** Why there are none, as the image's ledger says it. */
  readonly reasons: readonly string[]
  /** Where the records themselves leave open what is right. */
  readonly ambiguous: readonly string[]
}

/** Advisories of a folder (`Debian`) of the real data; null where that is not at hand. */
export type FeedOf = (folder: string) => Promise<AdvisoryData | null>

/** An image whose database dpkg or rpm wrote here, matched with all real advisories, else with those it was made for. */
export async function scoreGolden(release: string, feedOf: FeedOf): Promise<ReleaseScore> {
  const { facts, reference, installed } = await goldenImage(release)
  const { feed, ecosystem } = facts
  const data = (await feedOf(folderOf(feed))) ?? advisoryData(recordsOf(facts) as AdvisoryData['records'])
  const report = await scanned(reference, data.lookup)
  const here = installed.map(one => ({ ...one, module: streamOf(one.module) }))
  const tool = ecosystem === 'deb' ? 'dpkg' : 'rpm'
  return {
    title: titleOf(facts, release),
    evidence: `database written by ${tool}, ${oracles[ecosystem]}`,
    packages: scoreOf(here.map(lineOf(ecosystem)), report.packages.map(ours(ecosystem))),
    ...(await matchScore(ecosystem, feed, data, here, report)),
  }
}

/** The Debian image that mmdebstrap makes of the archive as it is today. */
export async function scoreDebian(feedOf: FeedOf): Promise<ReleaseScore> {
  const image = await debianImage()
  const data = await feedOf('Debian')
  const report = await scanned(`oci:${image.layout}:${image.tag}`, (data ?? advisoryData([])).lookup)
  const here = image.installed.map(one => ({ ...one, module: '' }))
  const matched = data === null ? unmatched(report) : await matchScore('deb', 'Debian:12', data, here, report)
  const packages = scoreOf(here.map(lineOf('deb')), report.packages.map(ours('deb')))
  return {
    title: 'Debian 12, with servers',
    evidence: `made by mmdebstrap, ${oracles.deb}`,
    packages,
    ...matched,
  }
}

const list = 'a published list of packages'
const oracles = {
  deb: "findings by dpkg's order",
  rpm: "findings by rpm's order",
  apk: 'findings by a second, naive matcher',
} as const

/** A published image's database. */
export async function scoreFixture(
  fixtures: string,
  image: FixtureImage,
  feedOf: FeedOf,
): Promise<ReleaseScore> {
  const { title, ecosystem, feed } = image
  const data = feed === null ? null : await feedOf(folderOf(feed))
  const here = expectedPackages(fixtures, image)
  const report = await withFixtureRoot(fixtures, image, root =>
    scanned(`rootfs:${root}`, (data ?? advisoryData([])).lookup),
  )
  const packages = scoreOf(here.map(lineOf(ecosystem)), report.packages.map(ours(ecosystem)))
  const matched =
    feed === null || data === null ? unmatched(report) : await matchScore(ecosystem, feed, data, here, report)
  return {
    title,
    evidence: matched.matches === null ? list : `${list}, ${oracles[ecosystem]}`,
    packages,
    ...matched,
  }
}

const unmatched = (report: ImageReport): Pick<ReleaseScore, 'matches' | 'reasons' | 'ambiguous'> => ({
  matches: null,
  reasons: report.coverage.reasons.map(({ message }) => message),
  ambiguous: [],
})

async function matchScore(
  ecosystem: Ecosystem,
  feed: string,
  data: AdvisoryData,
  here: readonly InstalledHere[],
  report: ImageReport,
): Promise<Pick<ReleaseScore, 'matches' | 'reasons' | 'ambiguous'>> {
  const own = feed.replace('Ubuntu:Pro:', 'Ubuntu:')
  const paid = own.startsWith('Ubuntu:') ? own.replace('Ubuntu:', 'Ubuntu:Pro:') : null
  const { lines, ambiguous } =
    ecosystem === 'apk'
      ? { lines: naiveLines(feed, data, here), ambiguous: [] }
      : await expectedFindings(ecosystem, { own, paid }, data.records, here)
  return { matches: scoreOf(lines, findingLines(report)), reasons: [], ambiguous }
}

/** There is no apk to ask: the naive matcher, with an order of its own, stands in for it. */
function naiveLines(feed: string, { records }: AdvisoryData, here: readonly InstalledHere[]): string[] {
  const packages = here.map(one => ({ ...one, module: null }))
  return matchNaively(records, feed, packages).flatMap(line => {
    const [id, sourceName, sourceVersion] = line.split(' ')
    const own = here.filter(one => one.sourceName === sourceName && one.sourceVersion === sourceVersion)
    return own.map(({ name, version }) => `${id} ${name} ${version}`)
  })
}

const folderOf = (feed: string): string => feed.split(':')[0] ?? ''

/** `nodejs:12:8040020210817:522a0ee4:x86_64` is a build of the stream `nodejs:12`. */
const streamOf = (label: string): string => label.split(':').slice(0, 2).join(':')

/** `bash-4.4-19.6.1.src.rpm` is a build of the source `bash`. */
const sourceOf = (sourceRpm: string): string => sourceRpm.replace(/-[^-]+-[^-]+$/, '')

type Ecosystem = 'deb' | 'apk' | 'rpm'

const lineOf =
  (ecosystem: Ecosystem) =>
  (one: InstalledHere): string =>
    ecosystem === 'rpm'
      ? [one.name, one.version, sourceOf(one.sourceName), streamOf(one.module)].join(' ')
      : [one.name, one.version, one.sourceName, one.sourceVersion].join(' ')

const ours =
  (ecosystem: Ecosystem) =>
  (one: ImageReport['packages'][number]): string =>
    ecosystem === 'rpm'
      ? [one.name, one.version, one.sourceName, one.module ?? ''].join(' ')
      : [one.name, one.version, one.sourceName, one.sourceVersion].join(' ')

const titleOf = ({ osRelease, feed }: GoldenFacts, release: string): string => {
  const name = osRelease['PRETTY_NAME'] ?? release
  return feed.includes(':Pro:') ? `${name}, packages of Ubuntu Pro` : name
}
